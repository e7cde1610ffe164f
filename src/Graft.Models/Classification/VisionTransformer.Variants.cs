using Graft.Imaging;
using Graft.Nn;

namespace Graft.Models.Classification;

public abstract partial class VisionTransformer
{
    /// <summary>The mean and deviation of images that an origin trained with.</summary>
    private protected enum Statistics
    {
        /// <summary>To [-1, 1]: Google's models.</summary>
        Half,

        /// <summary>ImageNet's: Facebook's models.</summary>
        ImageNet,

        /// <summary>Those of CLIP's images.</summary>
        Clip,

        /// <summary>None: [0, 1].</summary>
        None,
    }

    static readonly float[] halves = [0.5f, 0.5f, 0.5f], zeros = [0, 0, 0], ones = [1, 1, 1];
    static readonly float[] clipMean = [0.48145466f, 0.4578275f, 0.40821073f], clipStd = [0.26862954f, 0.26130258f, 0.27577711f];

    private protected static Preprocess Normalised(Preprocess preprocess, Statistics statistics) => statistics switch
    {
        Statistics.Half => preprocess with { Mean = halves, Std = halves },
        Statistics.Clip => preprocess with { Mean = clipMean, Std = clipStd },
        Statistics.None => preprocess with { Mean = zeros, Std = ones },
        _ => preprocess,
    };

    internal override Preprocess PreprocessOf(ModelVariant variant, ModelConfig config)
    {
        (Config from, Config to) = ((Config)variant.Config, (Config)config);
        Preprocess usual = variant.Preprocess;
        bool trained = usual.Height == from.ImageHeight; // else images are of another size than the positions anyway
        if ((to.ImageHeight, to.ImageWidth) == (from.ImageHeight, from.ImageWidth) || !trained) return usual;
        if (variant.Origin == Origin.TorchVision) // its larger ones are not cropped
            return Preprocess.TorchVision(to.ImageHeight, to.ImageHeight, Interpolation.Bicubic);
        int Scaled(int side) => (int)Math.Round((double)side * to.ImageHeight / from.ImageHeight);
        return usual with
        {
            Height = to.ImageHeight,
            Width = to.ImageWidth,
            ResizeHeight = Scaled(usual.ResizeHeight),
            ResizeWidth = Scaled(usual.ResizeWidth),
        };
    }

    /// <summary>The sizes that differ from one variant to the next; hidden features are four times the width.</summary>
    private protected static Config Sizes(int patch, int width, int depth, int heads, int hidden = 0) => new()
    {
        Patch = patch,
        Width = width,
        Depth = depth,
        Heads = heads,
        Hidden = hidden > 0 ? hidden : 4 * width,
        HeadStart = HeadStart.TruncatedNormal,
    };

    /// <summary>A variant of timm's, with the crop and the statistics of its usual weights.</summary>
    private protected ModelVariant Timm(
        string name, long parameters, Config config, int size, double crop, Statistics statistics = Statistics.Half,
        int classes = 1000, ResizeMode mode = ResizeMode.ShortestEdge) =>
        new(Origin.Timm, name, this, parameters,
            () => config with
            {
                Classes = classes,
                ImageHeight = size,
                ImageWidth = size,
                Resampling = Resampling.BicubicAntialiased,
            },
            () => Normalised(Preprocess.TorchVision(size, (int)Math.Floor(size / crop), Interpolation.Bicubic), statistics) with
            {
                ResizeMode = mode,
            });

    /// <summary>A variant of Hugging Face's, prepared as its processor does where a file says no more than this.</summary>
    private protected ModelVariant HuggingFace(
        string name, long parameters, Config config, int size, string processor, int classes = 1000) =>
        new(Origin.HuggingFace, name, this, parameters,
            () => config with { Classes = classes, ImageHeight = size, ImageWidth = size },
            () => Preprocess.FromHuggingFace(processor, HuggingFaceTypeOf(config)));
}
