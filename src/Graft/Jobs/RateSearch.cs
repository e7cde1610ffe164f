using Graft.Models;
using Graft.Nn;
using Graft.Training;

namespace Graft;

/// <summary>Walks along learning rates in the phase of a job that trains the most.</summary>
static class RateSearch
{
    /// <summary>The curve; the model is left as it was.</summary>
    public static RateCurve Walk(
        JobPhases phases, ImageModel model, JobConfig config, ITrainingProgress progress, CancellationToken cancellation,
        LearningRateFinder? finder = null)
    {
        const string Phase = "looking for a learning rate";
        finder ??= new LearningRateFinder();
        using TrainingPhase main = phases.Main();
        progress.PhaseStarted(Phase, finder.Iterations);
        IEnumerable<Parameter> changing = [.. model.Parameters.All, .. main.Optimizer.Parameters];
        return finder.Run(
            main, changing.Distinct(), config.Seed,
            done => progress.Advanced(new StepProgress(
                Phase, 0, 0, done, finder.Iterations, done, finder.Iterations, double.NaN, double.NaN, double.NaN)),
            cancellation);
    }
}
