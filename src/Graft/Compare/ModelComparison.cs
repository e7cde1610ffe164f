namespace Graft;

/// <summary>
/// Which model for my photos? Looks at them once with each backbone, ranks these by a nearest-neighbour and a linear classifier
/// on their features, and fine-tunes the best ones while the budget lasts.
/// </summary>
public static class ModelComparison
{
    /// <summary>Compares.</summary>
    /// <param name="settings">what with what</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it: what is known up to there is kept</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data can't be used, or none of the models; the message says why.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The output folder is not empty, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before anything was known.</exception>
    public static ComparisonResult Run(
        ComparisonSettings settings, ITrainingProgress? progress = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        return new ComparisonJob(settings, progress ?? Silent.Instance, cancellation).Run();
    }
}
