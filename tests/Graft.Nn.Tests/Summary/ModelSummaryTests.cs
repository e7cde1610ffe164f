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
        │ └─ReLU: 2-3 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        ├─Block: 1-2 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- True
        │ └─Conv2d: 2-4 [2, 8, 8, 8] [2, 8, 8, 8] 576 [3, 3] 73,728 True
        │ └─BatchNorm2d: 2-5 [2, 8, 8, 8] [2, 8, 8, 8] 16 -- 32 True
        │ └─SiLU: 2-6 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        │ └─Conv2d: 2-7 [2, 8, 8, 8] [2, 8, 8, 8] 64 [1, 1] 8,192 True
        │ └─BatchNorm2d: 2-8 [2, 8, 8, 8] [2, 8, 8, 8] 16 -- 32 True
        │ └─DropPath: 2-9 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        │ └─ReLU: 2-10 [2, 8, 8, 8] [2, 8, 8, 8] -- -- -- --
        ├─Sequential: 1-3 [2, 8, 8, 8] [2, 5] -- -- -- True
        │ └─GlobalAveragePool: 2-11 [2, 8, 8, 8] [2, 8] -- -- -- --
        │ └─Dropout: 2-12 [2, 8] [2, 8] -- -- -- --
        │ └─Linear: 2-13 [2, 8] [2, 5] 45 -- 90 True
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

    /// <summary>
    /// A part at its parent's path is no layer in the origins, but a weight that the parent holds beside its layers, as the layer
    /// scale of a ConvNeXt's block: it counts as parameters and nowhere else.
    /// </summary>
    [Fact]
    public void What_a_module_holds_beside_its_layers_counts_as_parameters_only()
    {
        using var store = new ParameterStore();
        var model = new Scaled(ModulePath.Root(store));
        using Tensor input = Tensor.Zeros([1, 4]);
        ModelSummary summary = ModelSummary.Of(model, input);
        Assert.Equal(["Scaled", "Linear"], summary.Layers.Select(layer => layer.Kind));
        Assert.Equal(20 + 4 + 7, summary.TotalParameters);
        Assert.Equal(4 + 7, summary.Layers[0].OwnParameters);
        Assert.Equal(20 * 4, summary.ParameterBytes);
        Assert.Equal(2 * 4 * 4, summary.ForwardBackwardBytes);
        Assert.Equal(20, summary.TotalMultAdds);
    }

    /// <summary>As torchinfo has PyTorch's attention: it holds a layer, and so is none itself; the layer never runs.</summary>
    [Fact]
    public void A_hidden_layer_counts_as_its_parents_parameters_only()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        var inner = new Sequential(root / "1", new Linear(root / "1.proj", 4, 4));
        var model = new Sequential(root, new Linear(root / "0", 4, 4), inner);
        using Tensor input = Tensor.Zeros([1, 4]);
        var options = new SummaryOptions { IsHidden = path => path == "1.proj" };
        ModelSummary summary = ModelSummary.Of(model, input, options);
        Assert.Equal(["", "0", "1"], summary.Layers.Select(layer => layer.Path));
        Assert.Equal((20L, false), (summary.Layers[2].OwnParameters, summary.Layers[2].IsLeaf));
        Assert.Equal((40L, 80L, 20L), (summary.TotalParameters, summary.ParameterBytes, summary.TotalMultAdds));
        Assert.Contains("└─Sequential: 1-2", ModelSummary.Of(model, input, options).ToText().Replace("├", "└"));
        Assert.Equal(40, ModelSummary.Of(model, input).TotalMultAdds);
    }

    [Fact]
    public void What_only_wraps_a_layer_at_its_own_path_is_that_layer()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        var conv = new Conv2d(root / "head", 3, 2, kernel: 1);
        var head = new Sequential(root / "head", conv);
        using Tensor input = Tensor.Zeros([1, 3, 4, 4]);
        ModelSummary summary = ModelSummary.Of("net", store, head.Forward, input);
        Assert.Equal(["net", "Conv2d"], summary.Layers.Select(layer => layer.Kind));
        Assert.Equal(8 * 4 * 4, summary.TotalMultAdds);
        Assert.Equal(8, summary.Layers[1].OwnParameters);
    }

    [Fact]
    public void A_layer_that_a_module_computes_by_itself_counts_where_it_is_reported()
    {
        using var store = new ParameterStore();
        var model = new Fused(ModulePath.Root(store));
        using Tensor input = Tensor.Zeros([3, 4]);
        ModelSummary summary = ModelSummary.Of(model, input);
        LayerSummary part = summary.Layers[1];
        Assert.Equal(("inner", "Linear", true, 8L), (part.Path, part.Kind, part.IsLeaf, part.Parameters));
        Assert.Equal([3L, 2], part.OutputShape);
        Assert.Equal(3 * 8, summary.TotalMultAdds);
        Assert.Equal(2 * 3 * 2 * 4, summary.ForwardBackwardBytes);
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
        float[] statistics = store.Find("block.bn1.running_mean")!.Value.ToArray<float>();
        ModelSummary.Of(net, input);
        ModelSummary.Of(net, input, new SummaryOptions { Training = true });
        Assert.Equal(statistics, store.Find("block.bn1.running_mean")!.Value.ToArray<float>());
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

    /// <summary>Training runs what evaluation runs: nothing is folded or left out in either.</summary>
    [Fact]
    public void Both_modes_count_the_same()
    {
        using var store = new ParameterStore();
        var net = new SmallNet(ModulePath.Root(store));
        store.Reset("", seed: 0);
        using Tensor input = Tensor.Randn([2, 3, 16, 16]);
        string evaluated = ModelSummary.Of(net, input).ToText();
        Assert.Equal(evaluated, ModelSummary.Of(net, input, new SummaryOptions { Training = true }).ToText());
    }

    [Fact]
    public void What_runs_several_modules_is_the_root()
    {
        using var store = new ParameterStore();
        ModulePath root = ModulePath.Root(store);
        Module first = new Linear(root / "first", 4, 3), second = new Linear(root / "second", 3, 2);
        int modules = store.Modules.Count;
        using Tensor input = Tensor.Zeros([1, 4]);
        ModelSummary summary = ModelSummary.Of("both", store, x => second.Forward(first.Forward(x)), input);
        Assert.Equal(["both", "Linear", "Linear"], summary.Layers.Select(layer => layer.Kind));
        Assert.Equal([1L, 2], summary.Layers[0].OutputShape);
        Assert.Equal(15 + 8, summary.TotalParameters);
        Assert.Equal(modules, store.Modules.Count);
    }

    [Fact]
    public void Columns_are_those_asked_for_in_their_order()
    {
        using var store = new ParameterStore();
        string[] lines = Summarise(store).ToText(
            depth: 1, columnWidth: 25, [SummaryColumn.ParameterShare, SummaryColumn.Parameters]).Split('\n');
        Assert.Equal(new string('=', 40 + 2 * 25), lines[0]);
        Assert.Equal("Layer (type:depth-idx)                   Param %                   Param #", lines[1]);
        Assert.Equal("SmallNet                                      --                   --", lines[3]);
        Assert.Equal("├─ConvNorm: 1-1                           24.45%                   (232)", lines[4]);
        Assert.Equal("├─Block: 1-2                              70.81%                   672", lines[5]);
    }

    [Theory]
    [InlineData(125_000, "0.12")]
    [InlineData(375_000, "0.38")]
    [InlineData(1_646_230_000, "1646.23")]
    [InlineData(5_000, "0.01")]
    [InlineData(15_000, "0.01")]
    public void Megabytes_are_rounded_and_written_as_python_does(long bytes, string expected) =>
        Assert.Equal(expected, SummaryCells.Hundredths(bytes / 1e6));

    [Fact]
    public void The_page_holds_every_layer_in_a_tree_that_folds()
    {
        using var store = new ParameterStore();
        ModelSummary summary = Summarise(store);
        string html = summary.ToHtml("a <model> & more", depth: 1);
        Assert.StartsWith("<!doctype html>", html);
        Assert.Contains("<h1>a &lt;model&gt; &amp; more</h1>", html);
        Assert.DoesNotContain("http", html);
        Assert.Equal(summary.Layers.Count + 1, Regex.Count(html, "class=\"row"));
        int holders = summary.Layers.Count(layer => !layer.IsLeaf);
        Assert.Equal(holders, Regex.Count(html, "<details"));
        Assert.Equal(holders, Regex.Count(html, "</details>"));
        Assert.Equal(holders, Regex.Count(html, "<summary"));
        Assert.Equal(1, Regex.Count(html, "<details open>"));
        Assert.Contains("<dt>Total params</dt><dd>949</dd>", html);
        Assert.Contains("<i class=\"own\">--</i><i class=\"all\">672</i>", html); // a closed block says what all of it has
        Assert.Contains("prefers-color-scheme: dark", html);
        Assert.Contains("block.conv1", html);
    }

    /// <summary>A part stands at its own path; another weight is never run by a module.</summary>
    sealed class Scaled : Module
    {
        readonly Linear linear;
        readonly LayerScale scale;

        public Scaled(ModulePath at) : base(at)
        {
            linear = new Linear(at / "linear", 4, 4);
            scale = new LayerScale(at, 4);
            (at / "unused").Weight("table", 7);
        }

        protected override Tensor Compute(Tensor x)
        {
            using Tensor y = linear.Forward(x);
            return scale.Forward(y);
        }
    }

    /// <summary>A linear layer that it computes by itself.</summary>
    sealed class Fused : Module
    {
        readonly Parameter weight;

        public Fused(ModulePath at) : base(at) => weight = (at / "inner").Weight("weight", 2, 4);

        protected override Tensor Compute(Tensor x)
        {
            Tensor y = x.Linear(weight.Value, null);
            Report("inner", "Linear", x, y);
            return y;
        }
    }
}
