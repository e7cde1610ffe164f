namespace Graft;

/// <summary>Measures a model on labelled images.</summary>
public static class Evaluation
{
    /// <summary>Runs every image of a folder through a model.</summary>
    /// <param name="model">the model</param>
    /// <param name="data"><c>root/class/*</c>, or <c>root/{train,val,test}/class/*</c>; the classes' names must be labels of the model</param>
    /// <param name="options">how; null: as their defaults say</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no images, or a class that the model does not know.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationResult Run(
        SavedModel model, string data, EvaluationOptions? options = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default) => throw new NotSupportedException("evaluation is not there yet");
}
