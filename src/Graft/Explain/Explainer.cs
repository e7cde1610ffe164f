using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>
/// Asks a model where in an image it looked: Grad-CAM (arXiv:1610.02391) for networks with a map, attention rollout
/// (arXiv:2005.00928) for plain transformers.
/// </summary>
/// <param name="model">the network, which stays the caller's</param>
public sealed class Explainer(ImageModel model)
{
    /// <summary>The method.</summary>
    /// <value>null: the one that suits the network</value>
    public ExplainMethod? Method { get; init; }

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Explains one image.</summary>
    /// <param name="file">the image</param>
    /// <param name="label">the class to explain, in [0, K); null: the most probable one</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image that can be read.</exception>
    /// <exception cref="NotSupportedException">The method does not suit the network; the message says which does.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public Explanation Explain(string file, int? label = null)
    {
        ExplainMethod suited = Explanations.MethodFor(model), method = Method ?? suited;
        if (label is { } one && (one < 0 || one >= model.Classes))
            throw new ArgumentOutOfRangeException(nameof(label), one, $"expected a class from 0 to {model.Classes - 1}");
        Preprocess preprocess = model.Preprocess;
        using Image image = ImageCodec.Load(file, IgnoreOrientation);
        Image seen = preprocess.ApplyGeometry(image);
        try
        {
            float[] pixels = new float[preprocess.Channels * preprocess.Height * preprocess.Width];
            preprocess.Normalize(seen, pixels);
            using var scope = new TensorScope();
            Tensor input = Tensor.FromArray(pixels, [1, preprocess.Channels, preprocess.Height, preprocess.Width]);
            input = input.To(model.Parameters.Device);
            if (model.Backbone.TakesChannelsLast) input = input.Contiguous(ModelOpening.FormatOn(model.Parameters.Device));
            float[] logits;
            model.Evaluate();
            using (Autograd.NoGrad()) logits = model.Forward(input).ToArray<float>();
            int predicted = Training.Logits.ArgMax(logits);
            Heatmap heat = Explanations.Compute(model, input, [label ?? predicted], method)[0];
            return new Explanation
            {
                File = file,
                Class = Of(label ?? predicted, logits),
                Predicted = Of(predicted, logits),
                Heat = heat,
                Seen = seen,
            };
        }
        catch
        {
            seen.Dispose();
            throw;
        }
    }

    Prediction Of(int label, float[] logits) => new(
        label < model.Labels.Count ? model.Labels[label] : $"class {label}", label,
        Math.Exp(-Training.Logits.CrossEntropy(logits, label)));
}
