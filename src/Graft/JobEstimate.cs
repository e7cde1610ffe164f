namespace Graft;

/// <summary>What a training job will take, found by a step on a few images before the first one counts.</summary>
public sealed record JobEstimate
{
    /// <summary>Bytes at the peak of training: of the whole process on a CPU, of the device's memory on a GPU.</summary>
    /// <value>null: not known, as of a TorchScript network</value>
    public long? PeakBytes { get; init; }

    /// <summary>Bytes that there are for it: what the process holds and what the system, its control group and its limits leave.
    /// </summary>
    /// <value>null: not known, as of a GPU</value>
    public long? AvailableBytes { get; init; }

    /// <summary>Images that go through the model at once, where a whole batch would not fit.</summary>
    /// <value>null: the whole batch</value>
    public int? ImagesAtOnce { get; init; }

    /// <summary>Seconds of one epoch in which the most is trained, with its validation.</summary>
    public required double SecondsPerEpoch { get; init; }

    /// <summary>Seconds of all epochs and the evaluation at the end.</summary>
    public required double Seconds { get; init; }
}
