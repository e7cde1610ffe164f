namespace Graft.Demo;

/// <summary>What the demo came to.</summary>
/// <param name="Source">the pretraining</param>
/// <param name="Runs">the ways of learning the target task</param>
/// <param name="Seconds">from the first picture to the last model</param>
public sealed record DemoResult(TrainResult Source, IReadOnlyList<DemoRun> Runs, double Seconds)
{
    /// <summary>The most accurate run; of several, the one with the smallest loss.</summary>
    public DemoRun Best => Runs.OrderByDescending(run => run.Result.Validation.Accuracy)
        .ThenBy(run => run.Result.Validation.Loss).First();
}
