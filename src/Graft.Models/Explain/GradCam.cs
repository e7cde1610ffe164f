using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Gradient-weighted class activation mapping: the last map's channels, each weighed by the mean of its gradient for a class,
/// added up, and cut at 0. Selvaraju et al. 2016, arXiv:1610.02391.
/// </summary>
public static class GradCam
{
    /// <summary>Whether a network has a map that its head sees the mean of: all but those that read a class token.</summary>
    public static bool Supports(ImageModel model) =>
        model.Backbone is not ScriptBackbone && model.Head is not null && Layout(model) is not { PoolsEvenly: false };

    /// <summary>One heat map an image, for the class given with it. The model is put into evaluation mode.</summary>
    /// <param name="model">the model, which keeps its weights and their gradients as they are</param>
    /// <param name="images">normalised images <c>[N, C, H, W]</c></param>
    /// <param name="classes">for each image the class to explain, in [0, K)</param>
    /// <exception cref="NotSupportedException">The network has no such map; the message says which method it takes.</exception>
    /// <exception cref="ArgumentException">Not one class for each image, or one that the model has not.</exception>
    public static IReadOnlyList<Heatmap> Compute(ImageModel model, Tensor images, IReadOnlyList<int> classes)
    {
        Explanations.RequireLayers(model);
        long count = images.Size(0);
        if (classes.Count != count)
            throw new ArgumentException($"expected a class for each of {count} images, came {classes.Count}");
        foreach (int one in classes)
            if (one < 0 || one >= model.Classes)
                throw new ArgumentException($"expected classes from 0 to {model.Classes - 1}, came {one}", nameof(classes));
        if (Layout(model) is { PoolsEvenly: false })
            throw new NotSupportedException(
                $"{model.FullName} reads its class token, not a map: Grad-CAM has nothing to weigh. Use attention rollout.");
        model.Evaluate();
        using var scope = new TensorScope();
        Parameter[] trained = [.. model.Parameters.Trainable];
        foreach (Parameter parameter in trained) parameter.RequiresGrad = false; // only the map's gradient is wanted
        try
        {
            Tensor map, gradient;
            using (Autograd.NoGrad()) map = model.Backbone.Map(images.To(model.Parameters.Device)).Detach();
            using (Autograd.EnableGrad())
            {
                map.RequiresGrad = true;
                Tensor logits = model.Classify(model.Head!.TakesMap ? map : model.Backbone.Pooled(map)); // [N, K]
                Tensor asked = Tensor.FromSpan<long>([.. classes.Select(one => (long)one)], [count, 1], map.Device);
                logits.Gather(1, asked).Sum().Backward();
                gradient = map.Grad ?? throw new NotSupportedException($"{model.FullName}: its head does not look at its map.");
            }
            using (Autograd.NoGrad()) return Weighed(model, map.Detach(), gradient, images);
        }
        finally
        {
            foreach (Parameter parameter in trained) parameter.RequiresGrad = true;
        }
    }

    static IReadOnlyList<Heatmap> Weighed(ImageModel model, Tensor map, Tensor gradient, Tensor images)
    {
        (long rows, long columns) = map.Rank == 4 ? (map.Size(2), map.Size(3)) : (0, 0);
        if (map.Rank == 3) // tokens [N, P + T, C]
        {
            TokenLayout layout = model.Backbone.Tokens((int)images.Size(2), (int)images.Size(3))!;
            (rows, columns) = (layout.Rows, layout.Columns);
            map = AsMap(map, layout);
            gradient = AsMap(gradient, layout);
        }
        Tensor weights = gradient.To(DType.Float32).Mean([2, 3], keepDimension: true); // [N, C, 1, 1]
        Tensor heat = (map.To(DType.Float32) * weights).Sum([1]).Relu_(); // [N, h, w]
        float[] values = heat.ToArray<float>();
        int size = (int)(rows * columns);
        Heatmap[] result = new Heatmap[values.Length / size];
        for (int i = 0; i < result.Length; i++)
            result[i] = new Heatmap(
                ExplainMethod.GradCam, (int)rows, (int)columns, values[(i * size)..((i + 1) * size)]);
        return result;
    }

    /// <summary>The patches' tokens as a map <c>[N, C, h, w]</c>.</summary>
    static Tensor AsMap(Tensor tokens, TokenLayout layout) =>
        tokens.Slice(1, layout.Prefix, tokens.Size(1)).Transpose(1, 2)
            .Reshape(tokens.Size(0), tokens.Size(2), layout.Rows, layout.Columns);

    // of any size: how tokens are pooled does not depend on it
    static TokenLayout? Layout(ImageModel model) =>
        model.Backbone.Tokens(model.Preprocess.Height, model.Preprocess.Width);
}
