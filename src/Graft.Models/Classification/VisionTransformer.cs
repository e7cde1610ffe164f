using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// What the transformers over patches have in common: an image is cut into patches, each becomes a token, blocks of attention and
/// feed-forward parts follow. Dosovitskiy et al. 2020, "An Image is Worth 16x16 Words", arXiv:2010.11929. Names as timm's, which
/// has them all as one class. The families differ in what their origins call the weights, and in their sizes.
/// </summary>
public abstract partial class VisionTransformer : ModelFamily
{
    internal sealed override Backbone Build(ModulePath at, ModelConfig config) => new Transformer(at, Checked((Config)config));

    internal override string HeadPath => "head";

    internal override bool DependsOnSize => true;

    internal override ModelConfig AtSize(ModelConfig config, int height, int width) =>
        (Config)config with { ImageHeight = height, ImageWidth = width };

    /// <summary>Refuses what cannot be, before memory is taken for it.</summary>
    static Config Checked(Config its)
    {
        if (its.Width % its.Heads != 0)
            throw new InvalidDataException($"expected heads that divide the {its.Width} channels of a token, found {its.Heads}");
        if (its.ImageHeight < its.Patch || its.ImageWidth < its.Patch)
            throw new InvalidDataException(
                $"expected images of at least one patch of {its.Patch}, found {its.ImageHeight} x {its.ImageWidth}");
        long patches = (its.ImageHeight / its.Patch) * (long)(its.ImageWidth / its.Patch);
        double weights = its.Depth * (4.0 * its.Width + 3.0 * its.Hidden) * its.Width + (double)patches * its.Width;
        const double Most = 3e10; // the largest that was ever trained has 22 billion
        return weights <= Most ? its : throw new InvalidDataException(
            $"a transformer of {its.Depth} blocks of {its.Width} channels would have {weights:G3} weights: that can't be meant");
    }
}
