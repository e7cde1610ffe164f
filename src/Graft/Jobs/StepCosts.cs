namespace Graft;

/// <summary>What a job's images cost, as measured on a few of them.</summary>
/// <param name="Read">seconds to read one from disk and prepare it, with all workers</param>
/// <param name="ReadAgain">the same once it is kept decoded</param>
/// <param name="Step">seconds of one forward and backward through what is trained</param>
/// <param name="Forward">seconds of one forward without gradients</param>
/// <param name="FixedBytes">memory of a step that does not depend on the batch; null: not known</param>
/// <param name="ImageBytes">memory of a step for each image of the batch</param>
/// <param name="ForwardBytes">memory of a forward without gradients for each image</param>
/// <param name="DecodedBytes">memory of an image that is kept decoded</param>
sealed record StepCosts(
    double Read, double ReadAgain, double Step, double Forward, long? FixedBytes, long ImageBytes, long ForwardBytes,
    long DecodedBytes);
