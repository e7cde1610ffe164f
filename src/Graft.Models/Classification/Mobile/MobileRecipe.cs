using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>
/// A network by its paper's table and by how it is scaled: timm's rules, with which torchvision's agree on every size that both
/// have. Lines of one stage are scaled in depth together.
/// </summary>
sealed record MobileRecipe
{
    /// <summary>The table: the lines of each stage.</summary>
    public required IReadOnlyList<IReadOnlyList<MobileStage>> Table { get; init; }

    /// <summary>Channels of the first convolution, before scaling.</summary>
    public int Stem { get; init; } = 32;

    /// <summary>Whether the first convolution stays as it is.</summary>
    public bool FixedStem { get; init; }

    /// <summary>Channels of the last convolution, before scaling.</summary>
    public int Features { get; init; } = 1280;

    /// <summary>Whether the last convolution stays as it is.</summary>
    public bool FixedFeatures { get; init; }

    /// <summary>What channels are multiplied by.</summary>
    public double Width { get; init; } = 1;

    /// <summary>What the numbers of blocks are multiplied by: one for all stages, or one each.</summary>
    public IReadOnlyList<double> Depth { get; init; } = [1];

    /// <summary>Whether the first and the last stage stay as deep as they are.</summary>
    public bool FixedEnds { get; init; }

    /// <summary>What channels are multiples of.</summary>
    public int Divisor { get; init; } = 8;

    /// <summary>The least that rounding may leave of channels.</summary>
    public double RoundLimit { get; init; } = 0.9;

    /// <summary>The activation.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>Where zeros go.</summary>
    public BorderKind Border { get; init; }

    /// <summary>Added to variances.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>
    /// Whether squeezed channels are a share of those within the block (MobileNetV3), not of its input (EfficientNet).
    /// </summary>
    public bool SqueezeOfWide { get; init; }

    /// <summary>Whether squeezed channels are rounded as all channels are, not to the nearest number.</summary>
    public bool SqueezeRounded { get; init; }

    /// <summary>Channels of the first convolution.</summary>
    public int StemChannels => FixedStem ? Stem : Scaled(Stem);

    /// <summary>Channels of the last convolution.</summary>
    public int LastChannels => FixedFeatures ? Features : Scaled(Features);

    /// <summary>
    /// The nearest multiple of the divisor, at least one of it, and not less than that share of what was asked: TensorFlow's
    /// rule.
    /// </summary>
    public static int MakeDivisible(double channels, int divisor = 8, double limit = 0.9)
    {
        if (!(channels >= 0 && channels <= 1 << 20))
            throw new InvalidDataException($"a layer of {channels} channels cannot be built; at most {1 << 20} can");
        int rounded = Math.Max(divisor, (int)(channels + divisor / 2.0) / divisor * divisor);
        return rounded < limit * channels ? rounded + divisor : rounded;
    }

    /// <summary>The blocks of each stage.</summary>
    public IReadOnlyList<IReadOnlyList<MobileBlock>> Stages()
    {
        List<IReadOnlyList<MobileBlock>> stages = [];
        int inputs = StemChannels;
        for (int number = 0; number < Table.Count; number++)
        {
            IReadOnlyList<MobileStage> lines = Table[number];
            bool end = number == 0 || number == Table.Count - 1;
            double depth = FixedEnds && end ? 1 : Depth[Depth.Count == 1 ? 0 : number];
            int[] counts = Deepened(lines, depth);
            List<MobileBlock> blocks = [];
            for (int line = 0; line < lines.Count; line++)
                for (int i = 0; i < counts[line]; i++)
                {
                    blocks.Add(Block(lines[line], inputs, first: blocks.Count == 0));
                    inputs = blocks[^1].Channels;
                }
            stages.Add(blocks);
        }
        return stages;
    }

    MobileBlock Block(MobileStage line, int inputs, bool first)
    {
        int outputs = Scaled(line.Channels), stride = first ? line.Stride : 1;
        int from = line.ExpandFrom > 0 ? Scaled(line.ExpandFrom) : inputs;
        bool expands = line.Kind is MobileBlockKind.Inverted or MobileBlockKind.Fused;
        int wide = expands ? MakeDivisible(from * line.Expansion) : line.Kind == MobileBlockKind.Separable ? inputs : 0;
        double share = SqueezeOfWide || !expands ? line.Squeeze : line.Squeeze / line.Expansion;
        return new MobileBlock
        {
            Kind = line.Kind,
            Kernel = line.Kernel,
            Stride = stride,
            Wide = wide,
            Channels = outputs,
            Squeezed = line.Squeeze == 0 ? 0 : SqueezeRounded ? MakeDivisible(wide * share) : (int)Math.Round(wide * share),
            Activation = line.Activation ?? Activation,
            Residual = line.Skip && stride == 1 && inputs == outputs,
            Border = Border,
        };
    }

    /// <summary>The deeper stage's blocks are dealt to its lines from the last to the first, in proportion.</summary>
    static int[] Deepened(IReadOnlyList<MobileStage> lines, double depth)
    {
        int left = lines.Sum(line => line.Blocks);
        double wanted = Math.Ceiling(left * depth);
        if (!(wanted >= 1 && wanted <= 1024))
            throw new InvalidDataException($"a stage of {wanted} blocks cannot be built; 1 to 1024 can");
        int deepened = (int)wanted;
        int[] counts = new int[lines.Count];
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            counts[i] = Math.Max(1, (int)Math.Round((double)lines[i].Blocks / left * deepened));
            left -= lines[i].Blocks;
            deepened -= counts[i];
        }
        return counts;
    }

    int Scaled(int channels) => MakeDivisible(channels * Width, Divisor, RoundLimit);
}
