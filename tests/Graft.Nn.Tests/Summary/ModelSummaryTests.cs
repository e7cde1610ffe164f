using System.Text.Json;
using System.Text.RegularExpressions;
using Graft.Torch;

namespace Graft.Nn.Tests;

public class ModelSummaryTests
{
    const string Expected = """
        Layer (type:depth-idx) Input Shape Output Shape Param # Kernel Shape Mult-Adds Trainable
        SmallNet [2, 3, 16, 16] [2, 5] -- -- -- Partial
        ├─ConvNorm: 1-1 [2, 3, 16, 16] [2, 8, 8, 8] -- -- -- False
        │ └─Conv2d: 2-1 [2, 3, 16, 16] [2, 8, 8, 8] (216) [3, 3] 27,648 False
        │ └─BatchNorm2d: 2-2 [2, 8, 8, 8] [2, 8, 8, 8] (16) -- 32 False
        ├─Block: 1-2 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- True
        │ └─ConvNorm: 2-3 [2, 8, 8, 8] [2, 8, 8, 8] 592 -- 73,760 True
        │ └─ConvNorm: 2-4 [2, 8, 8, 8] [2, 8, 8, 8] 80 -- 8,224 True
        │ └─DropPath: 2-5 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        │ └─ReLU: 2-6 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        ├─Sequential: 1-3 [2, 8, 8, 8] [2, 5] -- -- -- True
        │ └─GlobalAveragePool: 2-7 [2, 8, 8, 8] [2, 8] -- -- -- --
        │ └─Dropout: 2-8 [2, 8] [2, 8] -- -- -- --
        │ └─Linear: 2-9 [2, 8] [2, 5] 45 -- 90 True
        Total params: 949
        Trainable params: 717
        Non-trainable params: 232
        Total mult-adds (K): 109.75
        Input size (MB): 0.01
        Forward/backward pass size (MB): 0.05
        Params size (MB): 0.00
        Estimated Total Size (MB): 0.06
        """;

    [Fact]
    public void The_table_is_laid_out_as_torchinfos()
    {
        using var store = new ParameterStore();
        string[] lines = Summarise(store).ToText(depth: 2, columnWidth: 17).TrimEnd('\n').Split('\n');
        string[] shown = [.. lines.Where(line => !line.StartsWith('=')).Select(line => Regex.Replace(line, " +", " "))];
        Assert.Equal(Expected.ReplaceLineEndings("\n"), string.Join("\n", shown));
        Assert.Equal(new string('=', 40 + 6 * 17), lines[0]);
        int column = lines[1].IndexOf("Input Shape", StringComparison.Ordinal);
        Assert.Equal(41, column);
        Assert.Equal(column, lines[3].IndexOf("[2, 3, 16, 16]", StringComparison.Ordinal));
    }

    /// <summary>Twice 4 bytes for each number that the six convolutions and normalisations, and the linear layer, give.</summary>
    [Fact]
    public void The_totals_follow_torchinfos_rules()
    {
        using var store = new ParameterStore();
        ModelSummary summary = Summarise(store);
        Assert.Equal(2 * 4 * (6 * 2 * 8 * 8 * 8 + 2 * 5), summary.ForwardBackwardBytes);
        Assert.Equal(2 * 3 * 16 * 16 * 4, summary.InputBytes);
        Assert.Equal(949 * 4, summary.ParameterBytes);
        Assert.Equal(27_648 + 32 + 73_760 + 8_224 + 90, summary.TotalMultAdds);
        Assert.Equal(summary.InputBytes + summary.ForwardBackwardBytes + summary.ParameterBytes, summary.TotalBytes);
        Assert.Equal(store.CountWeights(), summary.TotalParameters);
        Assert.Equal(store.CountTrainable(), summary.TrainableParameters);
        Assert.Equal(store.CountWeights("block"), summary.Layers.Single(layer => layer.Kind == "Block").Parameters);
    }

    [Fact]
    public void A_module_that_runs_twice_is_counted_once()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        var shared = new Linear(root / "shared", 4, 4);
        var model = new Sequential(root, shared, shared);
        using Tensor input = Tensor.Zeros([1, 4]);
        ModelSummary summary = ModelSummary.Of(model, input);
        Assert.Equal(20, summary.TotalParameters);
        Assert.Equal(40, summary.TotalMultAdds);
        Assert.Equal(2, Regex.Count(summary.ToText(), "Linear"));
        Assert.Equal(1, Regex.Count(summary.ToText(), "recursive"));
    }

    [Fact]
    public void Weights_of_a_part_with_its_parents_path_and_of_no_part_find_their_place()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        var model = new Odd(root);
        using Tensor input = Tensor.Zeros([1, 4]);
        ModelSummary summary = ModelSummary.Of(model, input);
        Assert.Equal(4 + 7, summary.TotalParameters);
        Assert.Equal(7, summary.Layers[0].OwnParameters);
        Assert.Equal(4, summary.Layers[1].Parameters);
    }

    [Fact]
    public void A_summary_leaves_no_trace()
    {
        using var store = new ParameterStore();
        long before = Tensor.LiveCount;
        using (var other = new ParameterStore()) Summarise(other);
        Assert.Equal(before, Tensor.LiveCount);
        var net = new SmallNet(ModulePath.Root(store));
        store.SetMode("block", training: true);
        store.Reset("", seed: 0);
        using Tensor input = Tensor.Randn([2, 3, 16, 16]);
        ModelSummary.Of(net, input);
        Assert.All(store.Modules, module => Assert.Equal(ModulePath.IsWithin(module.Path.Name, "block"), module.IsTraining));
        Assert.Equal(0, store.Find("block.bn1.num_batches_tracked")!.Value.Item<long>());
    }

    [Fact]
    public void The_json_holds_every_layer_and_the_totals()
    {
        using var store = new ParameterStore();
        JsonElement json = JsonDocument.Parse(Summarise(store).ToJson()).RootElement;
        Assert.Equal(949, json.GetProperty("total_params").GetInt64());
        Assert.Equal(109_754, json.GetProperty("total_mult_adds").GetInt64());
        JsonElement conv = json.GetProperty("layers").EnumerateArray()
            .Single(layer => layer.GetProperty("path").GetString() == "block.conv1");
        Assert.Equal("Conv2d", conv.GetProperty("type").GetString());
        Assert.Equal([3L, 3], conv.GetProperty("kernel_shape").EnumerateArray().Select(size => size.GetInt64()));
        Assert.Equal([2L, 8, 8, 8], conv.GetProperty("output_shape").EnumerateArray().Select(size => size.GetInt64()));
        Assert.Equal(576, conv.GetProperty("params").GetInt64());
    }

    static ModelSummary Summarise(ParameterStore store)
    {
        var model = new SmallNet(ModulePath.Root(store));
        store.SetMode("", training: true);
        store.SetTrainable("stem", trainable: false);
        using Tensor input = Tensor.Zeros([2, 3, 16, 16]);
        return ModelSummary.Of(model, input);
    }

    /// <summary>A part stands at its own path; another weight is never run by a module.</summary>
    sealed class Odd : Module
    {
        readonly LayerScale scale;

        public Odd(ModulePath at) : base(at)
        {
            scale = new LayerScale(at, 4);
            (at / "unused").Weight("table", 7);
        }

        protected override Tensor Compute(Tensor x) => scale.Forward(x);
    }
}
