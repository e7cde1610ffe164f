using Graft.Torch;

namespace Graft.Models;

/// <summary>Where in an image a network looked, by whichever method suits it.</summary>
public static class Explanations
{
    /// <summary>
    /// The method that suits a network: <see cref="ExplainMethod.Rollout"/> for plain transformers,
    /// <see cref="ExplainMethod.GradCam"/> for all that have a map.
    /// </summary>
    /// <exception cref="NotSupportedException">It is a TorchScript program, whose layers are not to be seen; or it has no
    /// head.</exception>
    public static ExplainMethod MethodFor(ImageModel model)
    {
        RequireLayers(model);
        return AttentionRollout.Supports(model) ? ExplainMethod.Rollout : ExplainMethod.GradCam;
    }

    /// <summary>Whether any method suits a network.</summary>
    public static bool Supports(ImageModel model) =>
        model.Backbone is not ScriptBackbone && model.Head is not null && !model.IsSegmentation;

    /// <summary>One heat map an image.</summary>
    /// <param name="model">the model, which is put into evaluation mode</param>
    /// <param name="images">normalised images <c>[N, C, H, W]</c></param>
    /// <param name="classes">for each image the class to explain; rollout looks at none</param>
    /// <param name="method">how; null: <see cref="MethodFor"/></param>
    /// <exception cref="NotSupportedException">The method does not suit the network; the message says which does.</exception>
    public static IReadOnlyList<Heatmap> Compute(
        ImageModel model, Tensor images, IReadOnlyList<int> classes, ExplainMethod? method = null) =>
        (method ?? MethodFor(model)) == ExplainMethod.Rollout
            ? AttentionRollout.Compute(model, images) : GradCam.Compute(model, images, classes);

    internal static void RequireLayers(ImageModel model)
    {
        if (model.Backbone is ScriptBackbone)
            throw new NotSupportedException(
                $"{model.FullName} is a TorchScript program, whose layers can't be looked into: there is no way to say where " +
                "it looked. Open its weights as an architecture of the zoo to explain it (graft models lists them).");
        if (model.IsSegmentation)
            throw new NotSupportedException(
                $"{model.FullName} gives a class for every pixel: its answer says itself where it looked. Predict with it.");
        if (model.Head is null)
            throw new NotSupportedException($"{model.FullName} has no head, so no classes to explain: train one first.");
    }
}
