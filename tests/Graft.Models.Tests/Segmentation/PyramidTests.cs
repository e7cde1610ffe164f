using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>The maps of every family's pyramid: how many, how large, and that the last is the classifier's.</summary>
public class PyramidTests
{
    /// <summary>
    /// Networks that are different even when they are tiny; random weights of 1202 layers give no finite numbers.
    /// </summary>
    public static TheoryData<string> Families => [.. ModelZoo.Variants
        .Where(variant => !variant.Segments && variant.Name != "resnet1202")
        .DistinctBy(variant => (variant.Family, variant.Family.Signature(ZooTests.Tiny(variant))))
        .Select(variant => variant.FullName)];

    [Theory, MemberData(nameof(Families))]
    public void Maps_have_the_channels_and_sizes_that_levels_say(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        long before = Tensor.LiveCount;
        using (ImageModel model = Tiny(variant))
        {
            Backbone backbone = model.Backbone;
            IReadOnlyList<PyramidLevel> levels = backbone.Levels;
            Assert.NotEmpty(levels);
            for (int i = 1; i < levels.Count; i++) Assert.True(levels[i].Stride > levels[i - 1].Stride);
            model.Evaluate();
            foreach ((int height, int width) in (ReadOnlySpan<(int, int)>)[(64, 128), (100, 132), (97, 75)])
            {
                using var scope = new TensorScope();
                using GradMode mode = Autograd.NoGrad();
                Engine.ManualSeed(3);
                Tensor images = Tensor.Randn([2, 3, height, width]);
                long made = Tensor.LiveCount;
                IReadOnlyList<Tensor> maps = backbone.Pyramid(images);
                Assert.Equal(made + levels.Count, Tensor.LiveCount);
                Assert.Equal(levels.Count, maps.Count);
                for (int i = 0; i < levels.Count; i++)
                {
                    (int channels, int stride) = (levels[i].Channels, levels[i].Stride);
                    Assert.Equal((2, channels), (maps[i].Size(0), maps[i].Size(1)));
                    // images are filled up to whole patches first where these would cut something off
                    int unit = Math.Max(stride, backbone.PyramidUnit);
                    (int rows, int columns) = (Rounded(height, unit) / stride, Rounded(width, unit) / stride);
                    if (variant.Family is SqueezeNet)
                    {
                        Assert.InRange(maps[i].Size(2), height / stride - 3, rows);
                        Assert.InRange(maps[i].Size(3), width / stride - 3, columns);
                    }
                    else Assert.Equal((rows, columns), (maps[i].Size(2), maps[i].Size(3)));
                }
                bool whole = height % backbone.PyramidUnit == 0 && width % backbone.PyramidUnit == 0;
                if (whole && LastIsTheClassifiers(variant)) Assert.True(maps[^1].ValuesEqual(Last(backbone, images)));
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory] // by timm's features_only
    [InlineData("timm:resnet50", "64 256 512 1024 2048", "2 4 8 16 32")]
    [InlineData("timm:resnet18d", "64 64 128 256 512", "2 4 8 16 32")]
    [InlineData("timm:mobilenetv2_100", "16 24 32 96 320", "2 4 8 16 32")]
    [InlineData("timm:mobilenetv3_large_100", "16 24 40 112 960", "2 4 8 16 32")]
    [InlineData("timm:mobilenetv3_small_100", "16 16 24 48 576", "2 4 8 16 32")]
    [InlineData("timm:efficientnet_b0", "16 24 40 112 320", "2 4 8 16 32")]
    [InlineData("timm:regnety_002", "32 24 56 152 368", "2 4 8 16 32")]
    [InlineData("timm:convnext_tiny", "96 192 384 768", "4 8 16 32")]
    [InlineData("timm:swin_tiny_patch4_window7_224", "96 192 384 768", "4 8 16 32")]
    [InlineData("timm:vit_base_patch16_224", "768", "16")]
    [InlineData("torchvision:squeezenet1_1", "64 128 256 512", "2 4 8 16")]
    [InlineData("cifar:resnet20", "16 32 64", "1 2 4")]
    public void Levels_of_known_networks(string name, string channels, string strides)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using var model = new ImageModel(variant.Family, variant.Config, variant.Origin, null, variant.Preprocess);
        Assert.Equal(channels, string.Join(' ', model.Backbone.Levels.Select(level => level.Channels)));
        Assert.Equal(strides, string.Join(' ', model.Backbone.Levels.Select(level => level.Stride)));
    }

    [Theory]
    [InlineData("timm:resnet18", 8, "2 4 8")]
    [InlineData("timm:mobilenetv2_100", 16, "2 4 8 16")]
    [InlineData("timm:efficientnet_b0", 16, "2 4 8 16")]
    [InlineData("hf:efficientnet-b0", 8, "2 4 8")]
    [InlineData("timm:mobilenetv3_large_100", 16, "2 4 8 16")]
    [InlineData("timm:tf_mobilenetv3_large_100", 8, "2 4 8")]
    public void Dilated_networks_keep_their_last_maps_larger(string name, int outputStride, string strides)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        ModelConfig config = variant.Family.Dilated(variant.Config with { Classes = 0 }, outputStride)!;
        using var model = new ImageModel(variant.Family, config, variant.Origin, null, variant.Preprocess);
        Assert.Equal(strides, string.Join(' ', model.Backbone.Levels.Select(level => level.Stride)));
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        IReadOnlyList<Tensor> maps = model.Backbone.Pyramid(Tensor.Randn([1, 3, 96, 64]));
        Assert.Equal([96 / outputStride, 64 / outputStride], maps[^1].Shape[2..]);
    }

    static ImageModel Tiny(ModelVariant variant) =>
        ModelZoo.Create(variant.Family, ZooTests.Tiny(variant), variant.Origin, variant.Preprocess, ["a", "b"], seed: 7);

    static int Rounded(int size, int unit) => (size + unit - 1) / unit * unit;

    static Tensor Last(Backbone backbone, Tensor images)
    {
        Tensor map = backbone.Map(images);
        if (map.Rank == 4) return map;
        PyramidLevel level = backbone.Levels[0];
        int prefix = backbone.Tokens((int)images.Size(2), (int)images.Size(3))!.Prefix;
        (long rows, long columns) = (images.Size(2) / level.Stride, images.Size(3) / level.Stride);
        return map.Slice(1, prefix, map.Size(1)).Transpose(1, 2).Reshape(map.Size(0), level.Channels, rows, columns);
    }

    /// <summary>MobileNetV2 and EfficientNet widen the last map once more before the pool.</summary>
    static bool LastIsTheClassifiers(ModelVariant variant) => variant.Family is not (MobileNetV2 or EfficientNet);
}
