using Graft.Models;
using Graft.Nn;
using Graft.Torch;

namespace Graft;

/// <summary>From what a few images cost to what a job will take.</summary>
static class JobEstimates
{
    const double Gaps = 1.1; // what the allocator loses between the pieces of a step, as measured: see docs/training.md
    const long Later = 100_000_000; // of a process: code that is yet to be compiled, checkpoints, the report
    const int LoadedBatches = 4; // two ahead, the one in use, and one that is being taken apart

    /// <summary>
    /// Tries a few images and says what the job will take; where a batch would not fit, so many go through the model at once that
    /// it does, from computing features on. Null where nothing can be said.
    /// </summary>
    public static JobEstimate? Make(
        JobConfig config, LabelPhases phases, ImageModel model, LabelData data, OptimisationPlan optimisation,
        ITrainingProgress progress)
    {
        progress.PhaseStarted("estimating time and memory", 0);
        var probe = new JobProbe(config, model, data, JobTask.Loss(optimisation.Loss(data.Kind), model.OutputScale));
        if (probe.Measure(phases.Widest) is not { } costs) return null;
        using Optimizer optimizer = optimisation.Optimizer([]);
        JobEstimate estimate = Of(costs, phases, model, data, config, optimizer.StateTensors, AvailableMemory.Now());
        if (estimate.ImagesAtOnce is not { } few) return estimate;
        data.ImagesAtOnce = few;
        progress.Note(FormattableString.Invariant(
            $"{estimate.AvailableBytes / 1e9:0.0} GB of memory are too few for batches of {data.BatchSize} at once: they go ") +
            $"through the model in parts of at most {few}, with the same gradients");
        return estimate;
    }

    /// <summary>The estimate.</summary>
    /// <param name="costs">what images cost</param>
    /// <param name="phases">what is done with them</param>
    /// <param name="model">the model, where it will be trained</param>
    /// <param name="data">the images</param>
    /// <param name="config">the settings</param>
    /// <param name="states">how many tensors of a parameter's size the optimiser keeps</param>
    /// <param name="available">bytes that the process may still take; null: not known</param>
    public static JobEstimate Of(
        StepCosts costs, LabelPhases phases, ImageModel model, LabelData data, JobConfig config, int states, long? available)
    {
        (double seconds, double perEpoch) = phases.Time(costs);
        var estimate = new JobEstimate { Seconds = seconds, SecondsPerEpoch = perEpoch };
        if (costs.FixedBytes is not { } fixedBytes) return estimate;
        bool onCpu = data.Device.IsCpu;
        long weights = model.Parameters.All.Sum(BytesOf), held = onCpu ? Environment.WorkingSet : weights;
        TransferModel widest = phases.Widest;
        long changing = widest.Changing.Sum(BytesOf), trained = widest.TrainedElements * sizeof(float);
        long constant = held + fixedBytes + trained * (1 + states) // gradients and what the optimiser remembers
            + changing // the best epoch's weights
            + (config.Optimisation.EmaDecay is null ? 0 : weights);
        long image = (long)model.Preprocess.Channels * model.Preprocess.Height * model.Preprocess.Width * sizeof(float);
        constant += image * (onCpu ? LoadedBatches : 1) * data.EvaluationBatch + (onCpu ? data.MostDecodedBytes + Later : 0);
        var need = new MemoryNeed(
            constant, Gaps * costs.ImageBytes, Gaps * costs.ForwardBytes, data.BatchSize,
            Math.Min(data.EvaluationBatch, Math.Max(data.ValidationSet.Count, data.BatchSize)));
        if (!onCpu || available is not { } left) return estimate with { PeakBytes = need.Peak() };
        int? atOnce = need.Fitting(held + left);
        return estimate with { PeakBytes = need.Peak(atOnce), AvailableBytes = held + left, ImagesAtOnce = atOnce };
    }

    static long BytesOf(Parameter parameter) => parameter.Value.ElementCount * parameter.Value.DType.Size();
}
