using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// How much of a batch goes through the model at once. Where memory runs out, half as much from then on: the gradients of the
/// parts are added up, weighted by their sizes, so that a step's gradient is the whole batch's. Only batch normalisations that
/// use the batch's own statistics see the difference: they see a part.
/// </summary>
public sealed class MicroBatching : IStateful
{
    /// <summary>The most samples at once.</summary>
    /// <value>null: the whole batch</value>
    public int? Limit { get; set; }

    /// <summary>Told, once for each change, what was changed and why.</summary>
    /// <value>nobody is</value>
    public Action<string>? Changed { get; set; }

    /// <summary>Told the size of each part before it goes through the model; tests throw here what libtorch throws.</summary>
    /// <value>nobody is</value>
    public Action<int>? Attempting { get; set; }

    /// <summary>The parts of a batch, as ranges of its samples: as equal as possible.</summary>
    public IReadOnlyList<(int From, int To)> Parts(int count)
    {
        int parts = Limit is { } most && most < count ? (count + most - 1) / most : 1;
        var ranges = new (int, int)[parts];
        for (int i = 0; i < parts; i++) ranges[i] = ((int)((long)count * i / parts), (int)((long)count * (i + 1) / parts));
        return ranges;
    }

    /// <summary>Takes note of a part that was too large.</summary>
    /// <param name="failed">its size</param>
    /// <param name="batch">the whole batch's</param>
    /// <returns>whether there is a smaller one to try</returns>
    public bool Shrink(int failed, int batch)
    {
        if (failed <= 1) return false;
        Limit = (failed + 1) / 2;
        int parts = Parts(batch).Count;
        Changed?.Invoke(
            $"memory ran out with {failed} images at once: from here on at most {Limit}, {parts} times for a batch of {batch}, " +
            "with the same gradients");
        Engine.TrimMemory();
        return true;
    }

    /// <summary>
    /// What a model makes of a batch without gradients, in as many parts as memory asks for: half as much at once from when it
    /// runs out.
    /// </summary>
    /// <param name="inputs"><c>[N, ...]</c></param>
    /// <param name="forward">from a part of them to its outputs, sample by sample</param>
    /// <returns><c>[N, ...]</c></returns>
    /// <exception cref="TorchException">One sample alone does not fit, or it is another mistake.</exception>
    public Tensor Run(Tensor inputs, Func<Tensor, Tensor> forward)
    {
        int count = (int)inputs.Size(0);
        while (true)
        {
            int part = count;
            try
            {
                using var scope = new TensorScope();
                List<Tensor> outputs = [];
                foreach ((int from, int to) in Parts(count))
                {
                    part = to - from;
                    Attempting?.Invoke(part);
                    using var inner = new TensorScope();
                    outputs.Add(inner.Keep(forward(part == count ? inputs : inputs.Slice(0, from, to))));
                }
                return scope.Keep(outputs is [var whole] ? whole : Tensor.Cat([.. outputs]));
            }
            catch (TorchException error) when (error.IsOutOfMemory && part > 1)
            {
            }
            Shrink(part, count);
        }
    }

    /// <inheritdoc/>
    /// <value><c>micro_batching</c></value>
    public string Key { get; init; } = "micro_batching";

    /// <inheritdoc/>
    public void Save(StateWriter to) => to.Write("limit", Limit ?? 0);

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        if (from.Has("limit")) Limit = from.Long("limit") is > 0 and var limit ? (int)limit : null;
    }
}
