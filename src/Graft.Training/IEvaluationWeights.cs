namespace Graft.Training;

/// <summary>Weights other than those that are trained, by which a model is to be measured and kept: an average of them.</summary>
public interface IEvaluationWeights
{
    /// <summary>Puts them into the model; disposing what comes gives it its own back, bit for bit.</summary>
    IDisposable Use();
}
