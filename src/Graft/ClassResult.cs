namespace Graft;

/// <summary>How a model does on one class.</summary>
/// <param name="Label">the class</param>
/// <param name="Images">how many images it has</param>
/// <param name="Precision">share of images taken for this class that are of it; 0 where none was</param>
/// <param name="Recall">share of images of this class that were taken for it; 0 where there are none</param>
/// <param name="F1">harmonic mean of precision and recall</param>
public sealed record ClassResult(string Label, int Images, double Precision, double Recall, double F1)
{
    /// <summary>Area under its ROC curve; NaN where the class or the rest has no images.</summary>
    /// <value>null: not measured</value>
    public double? Auc { get; init; }

    /// <summary>Its average precision; NaN where it has no images.</summary>
    /// <value>null: not measured</value>
    public double? AveragePrecision { get; init; }
}
