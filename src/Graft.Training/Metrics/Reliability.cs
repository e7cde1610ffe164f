namespace Graft.Training;

/// <summary>The bins of a reliability diagram: how often predictions of some confidence are right.</summary>
public static class Reliability
{
    /// <summary>The bins of samples of one class each.</summary>
    /// <param name="logits">N rows of K</param>
    /// <param name="labels">their classes, N</param>
    /// <param name="temperature">what logits are divided by. <value>1</value></param>
    /// <param name="bins">how many. <value>15</value></param>
    public static IReadOnlyList<ReliabilityBin> Bins(
        IReadOnlyList<IReadOnlyList<float>> logits, IReadOnlyList<int> labels, double temperature = 1, int bins = 15)
    {
        var error = new CalibrationError(bins);
        for (int i = 0; i < logits.Count; i++)
            error.Update([.. logits[i].Select(logit => (float)(logit / temperature))], labels[i]);
        return error.Bins;
    }

    /// <summary>The bins of predictions whose confidence is known.</summary>
    /// <param name="predictions">the probability of what was predicted, and whether it was right</param>
    /// <param name="bins">how many. <value>15</value></param>
    public static IReadOnlyList<ReliabilityBin> Bins(IEnumerable<(double Confidence, bool IsRight)> predictions, int bins = 15)
    {
        var error = new CalibrationError(bins);
        foreach ((double confidence, bool isRight) in predictions) error.Update(confidence, isRight);
        return error.Bins;
    }
}
