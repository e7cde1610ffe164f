using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>
/// Several views of an image through a model, and a mean of their probabilities: fastai's <c>tta</c>, or the image and its
/// mirror. Where it is on, <see cref="ImagePrediction.Logits"/> are the logarithms of these means.
/// </summary>
public sealed record TestTimeAugmentation
{
    /// <summary>Augmented views beside the plain one.</summary>
    /// <value>4, as fastai</value>
    public int Views { get; init; } = 4;

    /// <summary>The share of the plain view; the augmented ones share the rest.</summary>
    /// <value>0.25, as fastai's <c>beta</c></value>
    public double PlainShare { get; init; } = 0.25;

    /// <summary>How the views are augmented. Mixing does not apply.</summary>
    /// <value>preset <c>fastai</c>, resizing as the model's preprocessing does</value>
    public AugmentationSettings Augmentation { get; init; } = new() { Preset = "fastai" };

    /// <summary>The key of the draws: the same images get the same views.</summary>
    /// <value>0</value>
    public ulong Seed { get; init; }

    /// <summary>The image and its mirror, half and half: two views, nothing drawn.</summary>
    public static TestTimeAugmentation Flip { get; } = new()
    {
        Views = 1,
        PlainShare = 0.5,
        Augmentation = new() { Preset = "none", HorizontalFlip = 1 },
    };

    bool IsFastai => Augmentation.Preset?.Split(':')[0] == "fastai";

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not.</exception>
    public void Validate()
    {
        if (Views is < 1 or > 256) throw new ArgumentException($"test-time views: expected from 1 to 256, came {Views}.");
        if (PlainShare is not (>= 0 and <= 1))
            throw new ArgumentException(FormattableString.Invariant($"plain share: expected from 0 to 1, came {PlainShare}."));
        Augmentation.Validate();
    }

    /// <summary>What reads the views of an image.</summary>
    internal ViewReader Reader(SamplePipeline plain)
    {
        Validate();
        AugmentationSettings settings = Augmentation;
        if (settings.Resize is null && IsFastai) settings = settings with { Resize = MethodOf(plain.Preprocess) };
        return new ViewReader(plain, TrainingTransforms.Build(settings, plain.Preprocess), Views, Seed);
    }

    /// <summary>The logarithms of mean probabilities, <c>[N, K]</c>.</summary>
    /// <param name="views">images <c>[N, V x C, H, W]</c> of the reader</param>
    /// <param name="channels">C</param>
    /// <param name="logits">the model: images <c>[N, C, H, W]</c> to logits <c>[N, K]</c></param>
    /// <param name="format">the order of images in memory that suits the model</param>
    /// <param name="problem">whether logits are of classes that exclude each other, of several labels, or numbers, of which the
    /// mean itself is given</param>
    internal Tensor Forward(
        Tensor views, int channels, Func<Tensor, Tensor> logits, MemoryFormat format, ProblemType problem = default)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        long[] shape = views.Shape;
        long count = shape[0], each = shape[1] / channels;
        Tensor images = views.Reshape(count * each, channels, shape[2], shape[3]).Contiguous(format); // [N V, C, H, W]
        Tensor scores = logits(images).To(DType.Float32); // [N V, K]
        Tensor meanable = problem switch
        {
            ProblemType.MultiLabel => scores.Sigmoid(),
            ProblemType.Regression => scores,
            _ => scores.Softmax(-1),
        };
        Tensor all = meanable.Reshape(count, each, scores.Shape[^1]); // [N, V, K]
        Tensor plain = all.Select(1, 0), others = all.Slice(1, 1, each).Mean([1]); // [N, K]
        Tensor mean = plain * PlainShare + others * (1 - PlainShare);
        if (problem == ProblemType.Regression) return scope.Keep(mean);
        if (problem == ProblemType.SingleLabel) return scope.Keep(mean.Clamp(min: 1e-30).Log());
        Tensor inside = mean.Clamp(1e-7, 1 - 1e-7);
        return scope.Keep(inside.Log() - (-inside + 1).Log());
    }

    static ResizeMethod MethodOf(Preprocess preprocess) => preprocess.ResizeMode switch
    {
        ResizeMode.Exact => ResizeMethod.Squish,
        ResizeMode.Border => ResizeMethod.Pad,
        _ => ResizeMethod.Crop,
    };
}
