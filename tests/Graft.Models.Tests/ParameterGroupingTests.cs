using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Depths of layers, and the groups that an optimiser gets.</summary>
public class ParameterGroupingTests
{
    [Theory, MemberData(nameof(ZooTests.TinyVariants), MemberType = typeof(ZooTests))]
    public void Every_weight_has_one_depth_and_depths_rise_from_stem_to_head(string name)
    {
        using ImageModel model = TinyModel(name);
        var depths = new LayerDepths(model);
        HashSet<int> seen = [];
        foreach (Parameter weight in model.Parameters.Weights) seen.Add(depths[weight.Name]);
        Assert.Equal(Enumerable.Range(0, depths.Count), seen.Order());
        LayerGroup stem = model.LayerGroups[0], head = model.LayerGroups[^1];
        foreach (Parameter weight in model.Parameters.Weights)
        {
            Assert.Equal(stem.Contains(weight.Name), depths[weight.Name] == 0);
            if (head.Contains(weight.Name)) Assert.Equal(depths.Count - 1, depths[weight.Name]);
        }

        var order = new ForwardOrder();
        using (var scope = new TensorScope())
        using (Autograd.NoGrad())
        using (Module.Observe(order))
            model.Forward(Tensor.Zeros([1, 3, model.Preprocess.Height, model.Preprocess.Width]));
        int before = 0;
        HashSet<string> leaves = [.. order.Paths];
        leaves.RemoveWhere(path => order.Paths.Any(other => other != path && ModulePath.IsWithin(other, path)));
        foreach (string path in order.Paths.Where(leaves.Contains))
            foreach (Parameter weight in model.Parameters.Weights.Where(weight => ModulePath.IsWithin(weight.Name, path)))
            {
                int depth = depths[weight.Name];
                Assert.True(depth >= before, $"{weight.Name}: depth {depth} after {before}");
                before = depth;
            }
        Assert.Equal(depths.Count - 1, before);
    }

    [Theory]
    [InlineData("timm:vit_base_patch16_224.augreg_in21k_ft_in1k", 14)] // stem, 12 blocks, head
    [InlineData("torchvision:vit_b_16", 14)]
    [InlineData("timm:beit_base_patch16_224.in22k_ft_in22k_in1k", 14)]
    [InlineData("torchvision:convnext_base", 14)] // ConvNeXt's code: 12 parts of layers, the stem, the head
    [InlineData("torchvision:convnext_tiny", 8)]
    [InlineData("torchvision:resnet50", 18)] // 16 blocks
    [InlineData("torchvision:swin_t", 14)] // 12 blocks
    [InlineData("torchvision:mobilenet_v2", 19)] // 17 blocks
    [InlineData("torchvision:squeezenet1_1", 10)] // 8 fire modules
    public void Known_networks_have_their_known_number_of_depths(string name, int count)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, null, variant.Preprocess);
        Assert.Equal(count, new LayerDepths(model).Count);
    }

    [Fact]
    public void ConvNeXts_depths_are_those_of_its_code()
    {
        ModelVariant variant = ModelZoo.FindVariant("torchvision:convnext_base");
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, null, variant.Preprocess);
        var depths = new LayerDepths(model);
        (string Name, int Depth)[] expected =
        [
            ("stem.0.weight", 0), ("stem.1.weight", 0), ("stages.0.blocks.2.conv_dw.weight", 1),
            ("stages.1.downsample.0.weight", 2), ("stages.1.blocks.0.mlp.fc1.weight", 2),
            ("stages.2.downsample.1.weight", 3), ("stages.2.blocks.2.norm.weight", 3), ("stages.2.blocks.3.norm.weight", 4),
            ("stages.2.blocks.26.norm.weight", 11), ("stages.3.downsample.0.weight", 12), ("stages.3.blocks.2.gamma", 12),
            ("head.norm.weight", 13), ("head.fc.weight", 13), ("stages.2.blocks.4.mlp.fc1.lora_down", 4),
        ];
        Assert.Equal(expected, expected.Select(item => (item.Name, depths[item.Name])));
    }

    [Fact]
    public void Rates_fall_by_the_decay_from_the_head_down()
    {
        using ImageModel model = TinyModel("torchvision:vit_b_16");
        IReadOnlyList<ParameterGroup> groups = new ParameterGrouping(model, weightDecay: 0.05).ByDepth(1e-3, 0.5);
        var depths = new LayerDepths(model); // stem, two blocks, head
        foreach (ParameterGroup group in groups)
            foreach (Parameter parameter in group.Parameters)
                Assert.Equal(1e-3 * Math.Pow(0.5, 3 - depths[parameter.Name]), group.LearningRate, 1e-12);
        Assert.Equal(
            model.Parameters.Trainable.Select(parameter => parameter.Name).Order(),
            groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Name).Order());
        string[] undecayed = [.. groups.Where(group => group.WeightDecay == 0).SelectMany(group => group.Parameters)
            .Where(parameter => parameter.Shape.Length > 1).Select(parameter => parameter.Name)];
        Assert.Equal(["cls_token", "pos_embed"], undecayed.Order());
    }

    [Theory]
    [InlineData("torchvision:swin_t", "relative_position_bias_table")]
    [InlineData("torchvision:swin_v2_t", "logit_scale", "cpb_mlp")]
    [InlineData("timm:beit_base_patch16_224.in22k_ft_in22k_in1k", "relative_position_bias_table", "cls_token")]
    [InlineData("torchvision:convnext_tiny")]
    [InlineData("torchvision:resnet18")]
    public void What_the_origin_exempts_is_not_decayed(string name, params string[] exempt)
    {
        using ImageModel model = TinyModel(name);
        var grouping = new ParameterGrouping(model, 0.1);
        foreach (Parameter weight in model.Parameters.Weights)
        {
            bool exempted = exempt.Any(word => weight.Name.Split('.').Contains(word));
            Assert.True(grouping.IsDecayed(weight) == (weight.Shape.Length > 1 && !exempted), weight.Name);
        }
        foreach (string word in exempt) Assert.Contains(model.Parameters.Weights, weight => weight.Name.Contains(word));
    }

    [Fact]
    public void Frozen_groups_do_not_take_part_in_the_spread()
    {
        using ImageModel model = TinyModel("torchvision:resnet18");
        IReadOnlyList<ParameterGroup> all = new ParameterGrouping(model, 0.01).ByLayerGroups(1e-2, 100);
        Assert.Equal(1e-4, all[0].LearningRate, 1e-12);
        Assert.Equal(1e-2, all[^1].LearningRate, 1e-12);
        model.Parameters.SetTrainable("", trainable: false);
        model.Parameters.SetTrainable("layer4", trainable: true);
        model.Parameters.SetTrainable("fc", trainable: true);
        IReadOnlyList<ParameterGroup> last = new ParameterGrouping(model, 0.01).ByLayerGroups(1e-2, 100);
        Assert.Equal(
            ["layer4", "layer4 without decay", "head", "head without decay"], last.Select(group => group.Name));
        Assert.Equal(1e-4, last[0].LearningRate, 1e-12);
        Assert.All(new ParameterGrouping(model, 0.01).AtOneRate(3e-3), group => Assert.Equal(3e-3, group.LearningRate, 1e-12));
    }

    static ImageModel TinyModel(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        Preprocess preprocess = variant.Preprocess with { Height = 64, Width = 64 };
        ImageModel model = ModelZoo.Create(
            variant.Family, ZooTests.Tiny(variant), variant.Origin, preprocess, ["ant", "bee"], seed: 7);
        model.Evaluate();
        return model;
    }

    sealed class ForwardOrder : IModuleObserver
    {
        public List<string> Paths { get; } = [];

        public void OnEntering(Module module, Tensor input) => Paths.Add(module.Path.Name);

        public void OnLeaving(Module module, Tensor input, Tensor output) { }
    }
}
