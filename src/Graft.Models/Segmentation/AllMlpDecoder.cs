using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// SegFormer's decoder: each map of the pyramid by a linear layer to one width, all brought to the finest's size, and one linear
/// layer over all of them, with a normalisation. Since a linear layer of every pixel and a bilinear resampling can change places,
/// the second layer is done at each map's own size and the results are added: the same numbers but for rounding, with about half
/// of the work.
/// </summary>
sealed class AllMlpDecoder : Module
{
    readonly Linear[] embeddings;
    readonly Fuse fuse;
    readonly BatchNorm2d norm;

    public AllMlpDecoder(ModulePath at, IReadOnlyList<int> widths, int width) : base(at)
    {
        embeddings = [.. widths.Select((each, i) => new Linear(at / $"linear_c.{i}", each, width))];
        fuse = new Fuse(at / "linear_fuse", width, widths.Count);
        norm = new BatchNorm2d(at / "batch_norm", width);
    }

    /// <summary>Places of its layers.</summary>
    public IReadOnlyList<string> Paths => [(Path / "linear_c").Name, fuse.Path.Name, norm.Path.Name];

    public override string Kind => "SegformerDecodeHead";

    /// <summary>The pyramid, finest first, <c>[N, h, w, C]</c> each, to a map <c>[N, D, h, w]</c> of the finest's size.</summary>
    public Tensor Decode(IReadOnlyList<Tensor> tokens)
    {
        using var scope = new TensorScope();
        (long height, long width) = (tokens[0].Size(1), tokens[0].Size(2));
        Tensor? sum = null;
        for (int i = 0; i < tokens.Count; i++)
        {
            Tensor part = Embedded(tokens[i], i).Permute(0, 3, 1, 2); // [N, D, h, w], full precision
            if (i > 0 && (part.Size(2) != height || part.Size(3) != width)) part = part.ResampleBilinear(height, width);
            sum = sum is null ? part : Autograd.IsEnabled ? sum + part : sum.Add_(part);
        }
        Report("linear_fuse", "Conv2d", sum!, sum!);
        return scope.Keep(Activation.ApplyTo(ActivationKind.Relu, norm.Forward(sum!)));
    }

    /// <summary>Not one map but several: see <see cref="Decode"/>.</summary>
    protected override Tensor Compute(Tensor x) => throw new NotSupportedException("it takes a pyramid: call Decode.");

    /// <summary>One map through both layers; as one layer where nothing is to be learned.</summary>
    Tensor Embedded(Tensor tokens, int stage)
    {
        Tensor slice = fuse.Slice(stage), fused; // [D, D]
        if (Autograd.IsEnabled || IsObserved || embeddings[stage].IsAdapted)
        {
            Tensor y = embeddings[stage].Forward(tokens); // [N, h, w, D]
            fused = Precision.Input(y).Value.Linear(Precision.Input(slice).Value);
        }
        else
        {
            (Tensor weight, Tensor bias) = (embeddings[stage].Weight, embeddings[stage].Bias!);
            Tensor both = slice.MatMul(weight), shift = slice.MatMul(bias); // [D, C], [D]
            fused = Precision.Input(tokens).Value.Linear(Precision.Input(both).Value, Precision.Input(shift).Value);
        }
        return Precision.IsNarrow(fused) ? fused.To(DType.Float32) : fused;
    }

    /// <summary>A 1 x 1 convolution over all maps side by side, the coarsest first, taken apart.</summary>
    sealed class Fuse : Module
    {
        readonly Parameter weight;
        readonly int width, maps;

        public Fuse(ModulePath at, int width, int maps) : base(at)
        {
            (this.width, this.maps) = (width, maps);
            weight = at.Weight("weight", width, (long)maps * width, 1, 1);
        }

        /// <summary>The part for one map, <c>[D, D]</c>.</summary>
        public Tensor Slice(int map)
        {
            long from = (long)(maps - 1 - map) * width;
            using Tensor part = weight.Value.Slice(1, from, from + width); // [D, D, 1, 1]
            return part.Reshape(width, width);
        }

        public override void ResetParameters(Initializer init) => init.UniformFanIn(weight, (long)maps * width);

        protected override Tensor Compute(Tensor x) => x.Conv2d(weight.Value, null, [1, 1], [0, 0], [1, 1], 1);
    }
}
