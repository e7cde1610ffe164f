using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Classification;

/// <summary>What timm's arguments make of a vision transformer, and positions for images of another size.</summary>
public class VisionTransformerTests
{
    static VisionTransformer.Config Timm(string variant, string arguments)
    {
        ModelVariant named = ModelZoo.FindVariant("timm:" + variant);
        using JsonDocument document = JsonDocument.Parse(arguments);
        var reader = new ConfigReader(document.RootElement, "model_args");
        var config = (VisionTransformer.Config)named.Family.FromTimm(named.Config, reader);
        reader.RefuseUnknown();
        return config;
    }

    [Theory]
    [InlineData("""{"global_pool": "avg"}""", VisionTransformer.PoolingKind.Average, VisionTransformer.LastNormKind.AfterPool)]
    [InlineData(
        """{"global_pool": "avg", "fc_norm": false}""", VisionTransformer.PoolingKind.Average,
        VisionTransformer.LastNormKind.BeforePool)]
    [InlineData("""{"fc_norm": true}""", VisionTransformer.PoolingKind.Token, VisionTransformer.LastNormKind.AfterPool)]
    [InlineData("""{"global_pool": "map"}""", VisionTransformer.PoolingKind.Attention, VisionTransformer.LastNormKind.BeforePool)]
    [InlineData("""{"final_norm": false}""", VisionTransformer.PoolingKind.Token, VisionTransformer.LastNormKind.None)]
    public void Pool_and_last_norm_are_timms(
        string arguments, VisionTransformer.PoolingKind pooling, VisionTransformer.LastNormKind norm)
    {
        VisionTransformer.Config config = Timm("vit_tiny_patch16_224", arguments);
        Assert.Equal((pooling, norm), (config.Pooling, config.LastNorm));
    }

    [Fact]
    public void A_variant_keeps_its_norm_when_its_pool_is_said_again() =>
        Assert.Equal(
            VisionTransformer.LastNormKind.BeforePool,
            Timm("vit_medium_patch16_gap_256", """{"global_pool": "avg"}""").LastNorm);

    [Fact]
    public void Sizes_follow_timms_arithmetic()
    {
        VisionTransformer.Config config = Timm(
            "vit_tiny_patch16_224",
            """
            {"embed_dim": 96, "depth": 3, "num_heads": 4, "mlp_ratio": 2.6, "img_size": [64, 96], "pre_norm": true,
             "qk_norm": true, "init_values": 0.1, "reg_tokens": 2, "no_embed_class": true,
             "class_token": true, "act_layer": "quick_gelu",
             "norm_layer": "rms_norm", "dynamic_img_size": true, "drop_path_rate": 0.1, "weight_init": "jax"}
            """);
        Assert.Equal((96, 3, 4, 249), (config.Width, config.Depth, config.Heads, config.Hidden)); // int(96 * 2.6)
        Assert.Equal((64, 96, false), (config.ImageHeight, config.ImageWidth, config.PatchBias));
        Assert.Equal((VisionTransformer.NormKind.Rms, 1e-6), (config.Norm, config.Eps));
        Assert.Equal((2, VisionTransformer.PositionKind.Patches), (config.Registers, config.Positions));
        Assert.Equal(2 * 4 * 96, Timm("vit_tiny_patch16_224", """{"embed_dim": 192, "mlp_ratio": 4}""").Hidden);
        Assert.Equal(4096, Timm("vit_giant_patch14_dinov2", """{"mlp_ratio": 5.33334}""").Hidden); // timm counts gate and value
    }

    [Fact]
    public void An_unknown_argument_is_refused() =>
        Assert.Throws<NotSupportedException>(() => Timm("vit_tiny_patch16_224", """{"attn_gate": true}"""));

    [Theory]
    [InlineData(Resampling.Bicubic), InlineData(Resampling.BicubicAntialiased), InlineData(Resampling.BicubicAligned)]
    public void Positions_keep_their_prefix_and_a_constant(Resampling resampling)
    {
        long before = Tensor.LiveCount;
        using (var store = new ParameterStore())
        {
            var table = new PositionTable(
                ModulePath.Root(store), "pos_embed", prefix: 1, height: 4, across: 4, width: 3, resampling);
            using GradMode mode = Autograd.NoGrad();
            using var scope = new TensorScope();
            table.Weight.Value.Fill_(2);
            table.Weight.Value.Slice(1, 0, 1).Fill_(7);
            Assert.Same(table.Weight.Value, table.For(4, 4));
            table.Regrid(3, 6);
            float[] values = table.Weight.Value.ToArray<float>();
            Assert.Equal([1, 1 + 3 * 6, 3], table.Weight.Shape);
            Assert.All(values[..3], value => Assert.Equal(7, value));
            Assert.All(values[3..], value => Assert.Equal(2, value, 5));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory, InlineData(Resampling.Bilinear), InlineData(Resampling.Geometric)]
    public void A_table_of_offsets_keeps_its_middle_and_the_class_tokens_rows(Resampling resampling)
    {
        using var store = new ParameterStore();
        var bias = new RelativePositionBias(ModulePath.Root(store), height: 4, across: 4, heads: 2, resampling);
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        float[] rows = [.. Enumerable.Range(0, (7 * 7 + 3) * 2).Select(i => (float)i)];
        bias.Weight.Value.Copy_(Tensor.FromArray(rows, [7 * 7 + 3, 2]));
        bias.Regrid(6, 6);
        float[] after = bias.Weight.Value.ToArray<float>();
        Assert.Equal((11 * 11 + 3) * 2, after.Length);
        Assert.Equal(rows[^6..], after[^6..]);
        Assert.Equal(rows[(7 * 7 / 2) * 2], after[(11 * 11 / 2) * 2], 3); // no offset at all
        Assert.Equal(rows[0], after[0], resampling == Resampling.Geometric ? 0 : 3); // the farthest
    }

    [Fact]
    public void A_probe_is_folded_into_both_heads_of_a_distilled_net()
    {
        using var store = new ParameterStore();
        var head = new DistilledHead(ModulePath.Root(store), width: 2, classes: 3);
        float[] weight = [.. Enumerable.Range(0, 12).Select(i => i * 0.5f)], bias = [1, 2, 3];
        head.Assign(weight, bias);
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        Tensor features = Tensor.FromArray<float>([1, -2, 3, 0.5f], [1, 4]);
        float[] wanted = features.Linear(Tensor.FromArray(weight, [3, 4]), Tensor.FromArray(bias, [3])).ToArray<float>();
        Assert.Equal(wanted, head.Forward(features).ToArray<float>());
    }

    [Theory]
    [InlineData("timm:test_vit3"), InlineData("timm:deit_tiny_distilled_patch16_224"), InlineData("hf:dinov2-small")]
    [InlineData("timm:beit_base_patch16_224"), InlineData("timm:vit_wee_patch16_reg1_gap_256")]
    public void Every_pool_takes_a_new_head(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        VisionTransformer.Config config = (VisionTransformer.Config)variant.Config with
        {
            ImageHeight = 32,
            ImageWidth = 32,
            Width = 16,
            Depth = 1,
            Heads = 2,
            Hidden = 64,
            Classes = 4,
        };
        using var folder = new TemporaryFolder();
        long before = Tensor.LiveCount;
        Preprocess preprocess = variant.Preprocess with { Height = 32, Width = 32 };
        using (ImageModel model = ModelZoo.Create(variant.Family, config, variant.Origin, preprocess))
            ModelSaver.Save(model, folder["model"]);
        foreach (PoolKind pool in Enum.GetValues<PoolKind>())
        {
            if (pool == PoolKind.None) continue;
            var options = new ModelOptions { NewLabels = ["a", "b", "c"], Pool = pool };
            using ImageModel model = ModelZoo.Open(folder["model"], options);
            using var scope = new TensorScope();
            model.Train();
            Tensor logits = model.Forward(Tensor.Randn([2, 3, 32, 32]));
            Assert.Equal([2, 3], logits.Shape);
            logits.CrossEntropy(Tensor.FromSpan<long>([0, 2], [2])).Backward();
            Assert.True(model.Parameters.Find("blocks.0.attn.proj.weight")!.Value.Grad is not null);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Absurd_sizes_are_refused()
    {
        var config = new VisionTransformer.Config { Width = 32768, Depth = 512, Heads = 8, Hidden = 131072 };
        Assert.Throws<InvalidDataException>(() => ModelZoo.Create(new ViT(), config, Origin.Timm, Preprocess.ImageNet()));
        config = new VisionTransformer.Config { Width = 64, Depth = 1, Heads = 7, Hidden = 64 };
        Assert.Throws<InvalidDataException>(() => ModelZoo.Create(new ViT(), config, Origin.Timm, Preprocess.ImageNet()));
    }
}
