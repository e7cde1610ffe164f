using Graft.Data;

namespace Graft.Training;

/// <summary>A metric that can be chosen by name.</summary>
public sealed class MetricEntry
{
    internal MetricEntry(
        string name, MetricGoal goal, IReadOnlyList<LabelKind> kinds, IReadOnlyList<string> parameters, string description,
        Func<MetricRequest, MetricValue> create)
    {
        (Name, Goal, Kinds, Parameters, Description, Create) = (name, goal, kinds, parameters, description, create);
    }

    /// <summary>What it is chosen by: <c>f1</c>.</summary>
    public string Name { get; }

    /// <summary>Which values are good.</summary>
    public MetricGoal Goal { get; }

    /// <summary>What must be known of the images.</summary>
    public IReadOnlyList<LabelKind> Kinds { get; }

    /// <summary>What may follow the name after colons: words such as <c>macro</c>, or <c>beta=</c> with a value.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>What it measures, in a line.</summary>
    public string Description { get; }

    internal Func<MetricRequest, MetricValue> Create { get; }
}
