namespace Graft;

/// <summary>What a training job needs of memory, by how many images go through the model at once.</summary>
/// <param name="Constant">bytes whatever the batch</param>
/// <param name="Step">bytes of a training step for each image</param>
/// <param name="Forward">bytes of an evaluation for each image</param>
/// <param name="Batch">images of a training step</param>
/// <param name="Evaluated">images of a batch of evaluation</param>
readonly record struct MemoryNeed(long Constant, double Step, double Forward, int Batch, int Evaluated)
{
    const double Room = 0.9; // of what there is: an estimate is none to the byte

    /// <summary>Bytes at the peak.</summary>
    /// <param name="atOnce">the most images that go through the model at once; null: any</param>
    public long Peak(int? atOnce = null)
    {
        int most = atOnce ?? int.MaxValue;
        return Constant + (long)Math.Max(Math.Min(most, Batch) * Step, Math.Min(most, Evaluated) * Forward);
    }

    /// <summary>How many at once fit into so much, in parts of a batch that are as equal as can be; null: all.</summary>
    public int? Fitting(long available)
    {
        if (Peak() <= Room * available) return null;
        int most = (int)Math.Clamp((Room * available - Constant) / Math.Max(1, Math.Max(Step, Forward)), 1, Batch);
        int parts = (Batch + most - 1) / most;
        return (Batch + parts - 1) / parts;
    }
}
