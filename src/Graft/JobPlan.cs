namespace Graft;

/// <summary>What a training job is about to do.</summary>
public sealed record JobPlan
{
    /// <summary>The architecture's name.</summary>
    public required string Architecture { get; init; }

    /// <summary>The class names, in the order of the logits.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Images to train on.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Images to validate on.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>Epochs altogether, those with a frozen backbone among them.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The side or sides of the network's input, such as <c>224x224</c>.</summary>
    public required string InputSize { get; init; }

    /// <summary>Numbers in the weights of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Numbers in those weights that are trained in the end.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>The type in which layers multiply while training: <c>fp32</c>, <c>bf16</c> or <c>fp16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>What it will take.</summary>
    /// <value>null: not known, not asked for, or of a run that goes on</value>
    public JobEstimate? Estimate { get; init; }

    /// <summary>Where the run will lie.</summary>
    public required string Folder { get; init; }
}
