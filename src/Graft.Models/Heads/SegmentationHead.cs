using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// 1 x 1 convolutions from maps to a logit of each class at every pixel: one for each of the decoder's maps (as a rule one),
/// whose logits are added, and one for the auxiliary map where there is one. What stands before them belongs to the backbone, so
/// that new classes keep a pretrained decoder.
/// </summary>
public sealed class SegmentationHead : Head
{
    readonly Conv2d[] main;
    readonly Conv2d? auxiliary;
    readonly double dropout, enlargement;
    readonly bool fullSize;

    /// <summary>A head of these convolutions.</summary>
    /// <param name="root">the model's root</param>
    /// <param name="main">path and channels of each of the decoder's maps, which are of one size</param>
    /// <param name="auxiliary">the same of the auxiliary map; null for none</param>
    /// <param name="classes">K</param>
    /// <param name="dropout">the share of the decoder's values that training drops, in [0, 1)</param>
    /// <param name="fullSize">
    /// whether logits are brought to the size of the images, bilinear between centres of pixels, as torchvision does it
    /// </param>
    /// <param name="enlargement">
    /// by what for that: what then goes beyond the image is cut off, not squeezed in; 0: by what makes the sizes equal
    /// </param>
    public SegmentationHead(
        ModulePath root, IReadOnlyList<(string Path, int Channels)> main, (string Path, int Channels)? auxiliary, int classes,
        double dropout = 0, bool fullSize = true, double enlargement = 0) : base(root / main[0].Path)
    {
        this.enlargement = enlargement;
        this.main = [.. main.Select(map => new Conv2d(root / map.Path, map.Channels, classes, kernel: 1))];
        if (auxiliary is { } other) this.auxiliary = new Conv2d(root / other.Path, other.Channels, classes, kernel: 1);
        this.dropout = dropout;
        this.fullSize = fullSize;
        Paths = [.. this.main.Select(layer => layer.Path.Name), .. this.auxiliary is { } last ? [last.Path.Name] : (string[])[]];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; }

    /// <summary>Whether it has an auxiliary part.</summary>
    public bool HasAuxiliary => auxiliary is not null;

    /// <inheritdoc/>
    public override bool TakesMap => true;

    /// <summary>The decoder's maps, and last the auxiliary one where it is wanted, to logits.</summary>
    /// <param name="maps"><c>[N, C, h, w]</c> each, as <see cref="Backbone.Maps"/> gives them</param>
    /// <param name="height">of the images</param>
    /// <param name="width">of the images</param>
    /// <exception cref="ArgumentException">Another number of maps.</exception>
    public SegmentationLogits Segment(IReadOnlyList<Tensor> maps, long height, long width)
    {
        bool both = maps.Count == main.Length + 1 && auxiliary is not null;
        if (!both && maps.Count != main.Length)
            throw new ArgumentException($"expected {main.Length} maps, came {maps.Count}", nameof(maps));
        Tensor sum = Classify(maps[0], main[0]); // [N, K, h, w]
        for (int i = 1; i < main.Length; i++)
        {
            using Tensor one = sum, other = Classify(maps[i], main[i]);
            sum = one + other;
        }
        Tensor result = Sized(sum, height, width); // [N, K, H, W]
        return new SegmentationLogits(result, both ? Sized(auxiliary!.Forward(maps[^1]), height, width) : null);
    }

    /// <summary>The decoder's only map <c>[N, C, h, w]</c> to logits of its own size.</summary>
    /// <exception cref="NotSupportedException">It works on several maps.</exception>
    protected override Tensor Compute(Tensor x) => main.Length == 1 ? Classify(x, main[0])
        : throw new NotSupportedException($"its head works on {main.Length} maps: call Segment.");

    Tensor Classify(Tensor map, Conv2d layer)
    {
        if (dropout == 0 || !IsTraining) return layer.Forward(map);
        using Tensor kept = map.Dropout(dropout, training: true);
        return layer.Forward(kept);
    }

    /// <summary>Logits at the size of the images, where that is wanted; the argument is used up.</summary>
    Tensor Sized(Tensor logits, long height, long width)
    {
        if (!fullSize || (logits.Size(2) == height && logits.Size(3) == width)) return logits;
        using Tensor small = logits;
        return enlargement > 0 ? Decoder.Enlarged(small, height, width, enlargement) : small.ResampleBilinear(height, width);
    }

    internal override void Start(HeadStart start, ulong seed)
    {
        base.Start(start, seed);
        if (start == HeadStart.Uniform) return;
        foreach (string path in Paths)
        {
            var init = new Initializer(seed, path);
            Parameter weight = Path.Store.Find(path + ".weight")!;
            if (start == HeadStart.Normal) init.Normal(weight, 0.01);
            else init.TruncatedNormal(weight, 0.02);
            Initializer.Constant(Path.Store.Find(path + ".bias")!, 0);
        }
    }
}
