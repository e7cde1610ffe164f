using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Attention among the pixels of each window, with a bias for how far apart two of them are: <c>[N, H, W, C]</c> to the same.
/// Liu et al. 2021 (Swin), arXiv:2103.14030; with cosines in place of products, and biases that a small network makes of the
/// distance, Liu et al. 2022 (Swin V2), arXiv:2111.09883.
/// </summary>
sealed class WindowAttention : Module
{
    const int BiasHidden = 512;
    readonly Linear qkv, project;
    readonly Parameter? table, queryBias, valueBias, logitScale;
    readonly Linear? biasFirst, biasSecond;
    readonly int heads, headWidth, pretrainedWindow;
    (int Height, int Width) tableWindow;
    readonly bool padFirst;
    readonly double maskValue;

    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="config">how it is built</param>
    /// <param name="stage">the stage that it is in</param>
    public WindowAttention(ModulePath at, int channels, Swin.Config config, int stage) : base(at)
    {
        heads = config.Heads[stage];
        headWidth = config.HeadWidth(stage);
        pretrainedWindow = config.PretrainedWindow(stage);
        int window = config.TableWindow(stage);
        tableWindow = (window, window);
        padFirst = config.Rule is not (Swin.WindowRule.Timm or Swin.WindowRule.TimmAlwaysPartition);
        maskValue = config.Rule == Swin.WindowRule.HuggingFaceV2 ? -200 : -100; // which adds its mask twice
        qkv = new Linear(at / "qkv", channels, 3 * heads * headWidth, bias: config.Bias && !config.V2);
        project = new Linear(at / "proj", heads * headWidth, channels);
        if (!config.V2)
        {
            table = at.Weight("relative_position_bias_table", (2 * window - 1) * (2 * window - 1), heads);
            return;
        }
        if (config.Bias)
        {
            queryBias = at.Weight("q_bias", heads * headWidth);
            valueBias = at.Weight("v_bias", heads * headWidth);
        }
        logitScale = at.Weight("logit_scale", heads, 1, 1);
        biasFirst = new Linear(at / "cpb_mlp.0", 2, BiasHidden);
        biasSecond = new Linear(at / "cpb_mlp.2", BiasHidden, heads, bias: false);
    }

    /// <summary>Makes place for a table for windows of another size.</summary>
    public void KeepTable(int window)
    {
        tableWindow = (window, window);
        table!.Replace(Tensor.Empty([(2L * window - 1) * (2 * window - 1), heads], table.Value.DType, table.Value.Device));
    }

    /// <summary>How the map that comes next is cut.</summary>
    public ShiftedWindows Windows { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        ShiftedWindows windows = Windows;
        (long height, long width) = (x.Size(1), x.Size(2));
        Tensor open = windows.Open(x, padFirst); // [N, H', W', C]
        (long n, long rows, long columns) = (x.Size(0), open.Size(1) / windows.Height, open.Size(2) / windows.Width);
        (long mapHeight, long mapWidth) = (open.Size(1), open.Size(2));
        using Tensor parts = Project(open); // [N, H', W', 3C]
        if (!ReferenceEquals(open, x)) open.Dispose();
        using Tensor mixed = Mix(parts, windows, n, rows, columns); // [N, windows, heads, HW, D]
        using Tensor grid = mixed.Reshape(n, rows, columns, heads, windows.Height, windows.Width, headWidth);
        using Tensor ordered = grid.Permute(0, 1, 4, 2, 5, 3, 6); // [N, rows, H, columns, W, heads, D]
        using Tensor map = ordered.Reshape(n, mapHeight, mapWidth, heads * headWidth); // [N, H', W', C]
        Tensor projected = project.Forward(map);
        Tensor closed = windows.Close(projected, height, width, padFirst); // [N, H, W, C]
        if (!ReferenceEquals(closed, projected)) projected.Dispose();
        return closed;
    }

    Tensor Mix(Tensor parts, ShiftedWindows windows, long n, long rows, long columns)
    {
        int area = windows.Height * windows.Width;
        using var scope = new TensorScope(); // it frees what is cast
        Tensor grid = parts.Reshape(n, rows, windows.Height, columns, windows.Width, 3, heads, headWidth);
        Tensor each = grid.Permute(5, 0, 1, 3, 6, 2, 4, 7).Reshape(3, n, rows * columns, heads, area, headWidth);
        Tensor query = each.Select(0, 0), key = each.Select(0, 1), value = each.Select(0, 2); // [N, windows, heads, HW, D]
        if (logitScale is null) query = query * (1 / Math.Sqrt(headWidth));
        else
        {
            Tensor scale = logitScale.Value.Clamp(max: Math.Log(100)).Exp(); // [heads, 1, 1]
            query = Unit(Precision.Full(query).Value) * scale;
            key = Unit(Precision.Full(key).Value); // float32: cosines are multiplied by up to 100
        }
        Tensor bias = Bias(windows); // [heads, HW, HW]
        if (windows.IsShifted)
            bias = windows.Mask(rows * windows.Height, columns * windows.Width, maskValue, bias.DType, parts.Device) + bias;
        Tensor logits = query.MatMul(key.Transpose(-2, -1)).Add_(bias.To(query.DType)); // [N, windows, heads, HW, HW]
        return scope.Keep(logits.Softmax(-1).To(value.DType).MatMul(value)); // [N, windows, heads, HW, D]
    }

    Tensor Project(Tensor x)
    {
        if (queryBias is null) return qkv.Forward(x);
        using Tensor plain = qkv.Forward(x);
        using Tensor none = queryBias.Value.ZerosLike();
        using Tensor all = Tensor.Cat([queryBias.Value, none, valueBias!.Value]); // [3C]: keys have none
        using Cast added = Precision.Input(all);
        return plain + added.Value;
    }

    static Tensor Unit(Tensor x) => x / x.Norm([-1], keepDimension: true).Clamp(min: 1e-12);

    /// <summary>One value for each head and pair of pixels: <c>[heads, HW, HW]</c>.</summary>
    Tensor Bias(ShiftedWindows windows)
    {
        (int height, int width) = (windows.Height, windows.Width);
        using var scope = new TensorScope();
        using PrecisionScope full = Precision.Use(DType.Float32); // a few rows
        Tensor rows; // [(2H - 1)(2W - 1), heads]
        if (table is null)
        {
            Tensor distances = RelativePositions.LogarithmicDistances(
                height, width, pretrainedWindow, logitScale!.Value.Device).To(logitScale.Value.DType);
            // as one sample, for summaries: [1, (2H - 1)(2W - 1), 2] -> [1, (2H - 1)(2W - 1), heads]
            Tensor sample = biasSecond!.Forward(biasFirst!.Forward(distances.Unsqueeze(0)).Relu_());
            rows = sample.Squeeze(0).Sigmoid() * 16;
        }
        else if ((height, width) == tableWindow) rows = table.Value;
        else
        {
            Tensor factors = RelativePositions.Resampling(
                tableWindow, (height, width), table.Value.DType, table.Value.Device);
            rows = factors.MatMul(table.Value);
        }
        return scope.Keep(RelativePositions.Spread(rows, height, width));
    }

    /// <summary>Biases of N(0, 0.02) cut at 2; cosines at first times 10.</summary>
    public override void ResetParameters(Initializer init)
    {
        if (table is not null) init.TruncatedNormal(table, 0.02);
        if (queryBias is not null) Initializer.Constant(queryBias, 0);
        if (valueBias is not null) Initializer.Constant(valueBias, 0);
        if (logitScale is not null) Initializer.Constant(logitScale, Math.Log(10));
    }
}
