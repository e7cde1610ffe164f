namespace Graft.Nn;

/// <summary>A layer with running statistics, or a network of such layers.</summary>
public interface IKeepsStatistics
{
    /// <summary>Whether the running statistics normalise even in training, and stay as they are.</summary>
    /// <value>false</value>
    bool KeepsStatistics { get; set; }
}
