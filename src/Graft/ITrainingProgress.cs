using Graft.Training;

namespace Graft;

/// <summary>Sees how a job gets on. Every method may be left out; all are called on the thread that runs the job.</summary>
public interface ITrainingProgress
{
    /// <summary>Sees how a model is fetched; null where nobody does.</summary>
    Models.IDownloadProgress? Downloads => null;

    /// <summary>Something worth a line: what the weight loader made of the file, an image that could not be read.</summary>
    void Note(string message) { }

    /// <summary>Model and data are there; training is about to start.</summary>
    void Prepared(JobPlan plan) { }

    /// <summary>Another stretch of work begins.</summary>
    /// <param name="phase">what it is, such as <c>loading model</c>, <c>computing features</c>, <c>training</c>,
    /// <c>validating</c></param>
    /// <param name="total">images to go through; 0 where that is not known</param>
    void PhaseStarted(string phase, int total) { }

    /// <summary>A batch of the current phase is done.</summary>
    void Advanced(StepProgress step) { }

    /// <summary>An epoch is done and validated.</summary>
    void EpochEnded(EpochRecord epoch) { }
}
