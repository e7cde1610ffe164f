namespace Graft.Nn;

/// <summary>How a summary is made.</summary>
public sealed record SummaryOptions
{
    /// <summary>Whether the model runs in training mode. Its batch-norm statistics are afterwards as before.</summary>
    /// <value>false: in evaluation mode</value>
    public bool Training { get; init; }

    /// <summary>
    /// Paths of layers that the weights' origin does not run as layers, such as those inside PyTorch's attention, which is one
    /// function there. torchinfo does not see them; here too they have no row and no cost, and their weights are their parent's.
    /// </summary>
    /// <value>null: there are none</value>
    public Func<string, bool>? IsHidden { get; init; }

    /// <summary>
    /// How many weights the origin has at a path that the model leaves out, since they never change anything. They count as the
    /// parameters of what stands there.
    /// </summary>
    /// <value>empty</value>
    public IReadOnlyDictionary<string, long> IdleParameters { get; init; } = new Dictionary<string, long>();
}
