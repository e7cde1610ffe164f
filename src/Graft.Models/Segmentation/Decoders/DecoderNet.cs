using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>A classifier's backbone under its own names, and a decoder on its pyramid.</summary>
sealed class DecoderNet : Backbone
{
    /// <summary>Where the decoder stands, and where the head.</summary>
    public const string DecoderPath = "decoder", LastPath = "segmentation_head";

    readonly Backbone inner;
    readonly SimplePyramid? pyramid;
    readonly Decoder decoder;

    /// <exception cref="NotSupportedException">The backbone's maps are not known.</exception>
    public DecoderNet(ModulePath root, ModelFamily family, ModelConfig config) : base(root, config)
    {
        inner = family.Build(root, config);
        if (inner.Levels.Count == 0)
            throw new NotSupportedException($"{inner.Kind}: its maps are not known: no decoder can stand on it.");
        DecoderLevel[] levels = [.. inner.Levels.Select(level => new DecoderLevel(level.Channels, level.Stride))];
        ModulePath at = root / DecoderPath;
        DecoderKind kind = config.Decoder!.Value;
        if (levels.Length == 1 && kind != DecoderKind.DeepLabV3)
        {
            pyramid = new SimplePyramid(at / "pyramid", levels[0]);
            levels = [.. pyramid.Levels];
        }
        decoder = kind switch
        {
            DecoderKind.Unet => new UnetDecoder(at, levels),
            DecoderKind.Fpn => new FpnDecoder(at, levels),
            _ => new DeepLabDecoder(at, levels[^1]),
        };
    }

    public override int Channels => decoder.Channels;
    public override string HeadPath => LastPath;
    public override string Kind => inner.Kind;
    public override bool TakesChannelsLast => inner.TakesChannelsLast;
    public override IReadOnlyList<PyramidLevel> Levels => inner.Levels;
    internal override IReadOnlyList<string> DecoderPaths => [DecoderPath];
    internal override IReadOnlyList<string> ClassifierPaths => inner.ClassifierPaths;
    internal override IReadOnlyList<string> UndecayedNames => inner.UndecayedNames;
    internal override int BlocksPerDepth => inner.BlocksPerDepth;
    internal override int PyramidUnit => inner.PyramidUnit;

    /// <summary>The backbone's layers, then the decoder.</summary>
    public override IReadOnlyList<LayerGroup> LayerGroups => [.. inner.LayerGroups, new LayerGroup("decoder", [DecoderPath])];

    /// <summary>The decoder's map: <c>[N, 3, H, W]</c> to <c>[N, C, h, w]</c>.</summary>
    protected internal override Tensor Map(Tensor images)
    {
        IReadOnlyList<Tensor> maps = inner.Pyramid(images);
        if (pyramid is not null)
        {
            Tensor map = maps[0];
            maps = pyramid.Forward(map);
            map.Dispose();
        }
        try
        {
            return decoder.Decode(maps);
        }
        finally
        {
            foreach (Tensor map in maps) map.Dispose();
        }
    }

    internal override Tensor[] Stages(Tensor images) => [.. inner.Pyramid(images)];

    /// <summary>A 1 x 1 convolution, and logits of the images' size.</summary>
    protected internal override Head BuildHead(ModulePath root, ModelConfig config) => new SegmentationHead(
        root, [(LastPath, decoder.Channels)], auxiliary: null, config.Classes, config.Dropout, enlargement: decoder.Stride);

    internal override void SetInputSize(int height, int width) => inner.SetInputSize(height, width);

    internal override Tensor? Resampled(string name, Tensor found) => inner.Resampled(name, found);

    internal override void Start(ulong seed)
    {
        inner.Start(seed);
        StartDecoder(DecoderPath, seed);
    }

    internal override void StartDecoder(string path, ulong seed)
    {
        decoder.Start(seed);
    }
}
