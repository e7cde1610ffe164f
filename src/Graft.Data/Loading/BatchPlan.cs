namespace Graft.Data;

/// <summary>An epoch cut into batches.</summary>
sealed class BatchPlan
{
    readonly int count, batchSize;

    public BatchPlan(int count, int batchSize, bool dropLast)
    {
        this.batchSize = batchSize;
        int whole = count / batchSize, rest = count % batchSize;
        // Batch norm has no variance over a lone sample: it joins the batch before.
        bool joined = rest == 1 && whole > 0;
        bool dropped = dropLast && whole > 0;
        this.count = dropped ? count - rest : count;
        Batches = whole + (rest > 0 && !joined && !dropped ? 1 : 0);
        LargestBatch = Math.Min(this.count, batchSize + (joined && !dropped ? 1 : 0));
    }

    /// <summary>The number of batches.</summary>
    public int Batches { get; }

    /// <summary>The most samples in one.</summary>
    public int LargestBatch { get; }

    /// <summary>The number of samples in all of them.</summary>
    public int Samples => count;

    /// <summary>Where a batch starts in the order of the epoch, and how many samples it has.</summary>
    public (int Start, int Count) this[int batch]
    {
        get
        {
            int start = batch * batchSize;
            return (start, batch == Batches - 1 ? count - start : batchSize);
        }
    }
}
