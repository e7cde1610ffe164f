using Graft.Training;

namespace Graft.Tests;

/// <summary>An observer that writes down what it sees, and may stop a job.</summary>
sealed class Diary : ITrainingProgress
{
    public List<string> Notes { get; } = [];

    public List<string> Phases { get; } = [];

    public List<StepProgress> Steps { get; } = [];

    public List<EpochRecord> Epochs { get; } = [];

    public JobPlan? Plan { get; private set; }

    public Action<StepProgress>? OnStep { get; init; }

    public Action<EpochRecord>? OnEpoch { get; init; }

    public void Note(string message) => Notes.Add(message);

    public void Prepared(JobPlan plan) => Plan = plan;

    public void PhaseStarted(string phase, int total) => Phases.Add(phase);

    public void Advanced(StepProgress step)
    {
        Steps.Add(step);
        OnStep?.Invoke(step);
    }

    public void EpochEnded(EpochRecord epoch)
    {
        Epochs.Add(epoch);
        OnEpoch?.Invoke(epoch);
    }
}
