using Graft.Torch;

namespace Graft.Models;

/// <summary>How a model is opened.</summary>
public sealed record ModelOptions
{
    /// <summary>What a file of weights holds, <c>origin:name</c>, such as <c>torchvision:resnet50</c>.</summary>
    /// <value>null: its configuration says so, or its names and shapes do</value>
    public string? Architecture { get; init; }

    /// <summary>
    /// The labels of a new head, in the order of its classes; asks for a new head of that size. Images are then cropped and
    /// rescaled as the tool does for which the model will be saved.
    /// </summary>
    /// <value>null: the head and the labels of the file</value>
    public IReadOnlyList<string>? NewLabels { get; init; }

    /// <summary>Whether a new head is started where the file has none or one of another size.</summary>
    /// <value>false: that is an error</value>
    public bool ResetHead { get; init; }

    /// <summary>The seed of a new head.</summary>
    /// <value>0</value>
    public ulong Seed { get; init; }

    /// <summary>Where the model is put.</summary>
    /// <value>the CPU</value>
    public Device Device { get; init; }
}
