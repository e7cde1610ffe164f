using System.Globalization;
using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification.Mobile;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class EfficientNet
{
    static readonly float[] half = [0.5f, 0.5f, 0.5f];

    /// <summary>timm's architectures: name, parameters, recipe, and how its default weights want their images.</summary>
    readonly (string Name, long Parameters, MobileRecipe Recipe, Func<Preprocess> Preprocess)[] timm =
    [
        ("efficientnet_b0", 5_288_548, B(1, 1), Crop(224)),
        ("efficientnet_b1", 7_794_184, B(1, 1.1), Half(240, 0.9)),
        ("efficientnet_b2", 9_109_994, B(1.1, 1.2), Crop(256)),
        ("efficientnet_b3", 12_233_232, B(1.2, 1.4), Crop(288)),
        ("efficientnet_b4", 19_341_616, B(1.4, 1.8), Crop(320)),
        ("efficientnet_b5", 30_389_784, B(1.6, 2.2), Squash(Crop(448, 1))),
        ("efficientnet_b6", 43_040_704, B(1.8, 2.6), Crop(528, 0.942)),
        ("efficientnet_b7", 66_347_960, B(2, 3.1), Crop(600, 0.949)),
        ("efficientnet_b8", 87_413_142, B(2.2, 3.6), Crop(672, 0.954)),
        ("efficientnet_l2", 480_309_308, B(4.3, 5.3), Crop(800, 0.961)),
        ("efficientnet_es", 5_438_392, Edge(1, 1), Crop(224)),
        ("efficientnet_es_pruned", 5_438_392, Edge(1, 1), Crop(224)),
        ("efficientnet_em", 6_899_496, Edge(1, 1.1), Crop(240, 0.882)),
        ("efficientnet_el", 10_589_712, Edge(1.2, 1.4), Crop(300, 0.904)),
        ("efficientnet_el_pruned", 10_589_712, Edge(1.2, 1.4), Crop(300, 0.904)),
        ("efficientnet_lite0", 4_652_008, Lite(1, 1), Crop(224)),
        ("efficientnet_lite1", 5_416_680, Lite(1, 1.1), Crop(240, 0.882)),
        ("efficientnet_lite2", 6_092_072, Lite(1.1, 1.2), Crop(260, 0.89)),
        ("efficientnet_lite3", 8_197_096, Lite(1.2, 1.4), Crop(300, 0.904)),
        ("efficientnet_lite4", 13_006_568, Lite(1.4, 1.8), Crop(380, 0.922)),
        ("efficientnetv2_rw_t", 13_649_388, Small2(small2) with { Width = 0.8, Depth = [0.9] }, Crop(224, 1)),
        ("efficientnetv2_rw_s", 23_941_296, Small2(figure2) with { Features = 1792 }, Crop(288, 1)),
        ("efficientnetv2_rw_m", 53_236_442,
            Small2(figure2) with { Features = 1792, Width = 1.2, Depth = [1.2, 1.2, 1.2, 1.2, 1.6, 1.6] }, Crop(320, 1)),
        ("efficientnetv2_s", 21_458_488, Small2(small2), Crop(288, 1)),
        ("efficientnetv2_m", 54_139_356, V2(medium2, 24), Crop(320, 1)),
        ("efficientnetv2_l", 118_515_272, V2(large2, 32), Crop(384, 1)),
        ("efficientnetv2_xl", 208_119_808, V2(extraLarge2, 32), Crop(384, 1)),
        ("tf_efficientnet_b0", 5_288_548, Tf(B(1, 1)), Crop(224)),
        ("tf_efficientnet_b1", 7_794_184, Tf(B(1, 1.1)), Crop(240, 0.882)),
        ("tf_efficientnet_b2", 9_109_994, Tf(B(1.1, 1.2)), Crop(260, 0.89)),
        ("tf_efficientnet_b3", 12_233_232, Tf(B(1.2, 1.4)), Crop(300, 0.904)),
        ("tf_efficientnet_b4", 19_341_616, Tf(B(1.4, 1.8)), Crop(380, 0.922)),
        ("tf_efficientnet_b5", 30_389_784, Tf(B(1.6, 2.2)), Crop(456, 0.934)),
        ("tf_efficientnet_b6", 43_040_704, Tf(B(1.8, 2.6)), Crop(528, 0.942)),
        ("tf_efficientnet_b7", 66_347_960, Tf(B(2, 3.1)), Crop(600, 0.949)),
        ("tf_efficientnet_b8", 87_413_142, Tf(B(2.2, 3.6)), Half(672, 0.954)),
        ("tf_efficientnet_l2", 480_309_308, Tf(B(4.3, 5.3)), Crop(475, 0.936)),
        ("tf_efficientnet_es", 5_438_392, Tf(Edge(1, 1)), Half(224)),
        ("tf_efficientnet_em", 6_899_496, Tf(Edge(1, 1.1)), Half(240, 0.882)),
        ("tf_efficientnet_el", 10_589_712, Tf(Edge(1.2, 1.4)), Half(300, 0.904)),
        ("tf_efficientnet_lite0", 4_652_008, Tf(Lite(1, 1)), Half(224)),
        ("tf_efficientnet_lite1", 5_416_680, Tf(Lite(1, 1.1)), Half(240, 0.882)),
        ("tf_efficientnet_lite2", 6_092_072, Tf(Lite(1.1, 1.2)), Half(260, 0.89)),
        ("tf_efficientnet_lite3", 8_197_096, Tf(Lite(1.2, 1.4)), Half(300, 0.904, Interpolation.Bilinear)),
        ("tf_efficientnet_lite4", 13_006_568, Tf(Lite(1.4, 1.8)), Half(380, 0.92, Interpolation.Bilinear)),
        ("tf_efficientnetv2_s", 21_458_488, Tf(Small2(small2)), Half(300, 1)),
        ("tf_efficientnetv2_m", 54_139_356, Tf(V2(medium2, 24)), Squash(Half(384, 1))),
        ("tf_efficientnetv2_l", 118_515_272, Tf(V2(large2, 32)), Squash(Half(384, 1))),
        ("tf_efficientnetv2_xl", 208_119_808, Tf(V2(extraLarge2, 32)), Squash(Half(384, 1))),
        ("tf_efficientnetv2_b0", 7_139_704, Tf(Base2(1, 1)), Crop(192)),
        ("tf_efficientnetv2_b1", 8_141_052, Tf(Base2(1, 1.1)), Crop(192, 0.882)),
        ("tf_efficientnetv2_b2", 10_096_086, Tf(Base2(1.1, 1.2)), Crop(208, 0.89)),
        ("tf_efficientnetv2_b3", 14_358_406, Tf(Base2(1.2, 1.4)), Squash(Half(240, 0.9))),
        ("test_efficientnet", 356_196,
            new MobileRecipe { Table = test, Stem = 24, Features = 256, RoundLimit = 0 }, Crop(160, 0.95)),
    ];

    /// <summary>The recipes of timm's architectures, in their order.</summary>
    OrderedDictionary<string, MobileRecipe> Recipes => recipes ??= new(
        timm.Select(item => new KeyValuePair<string, MobileRecipe>(item.Name, item.Recipe)));

    OrderedDictionary<string, MobileRecipe>? recipes;

    static MobileRecipe B(double width, double depth) => new() { Table = base1, Width = width, Depth = [depth] };

    static MobileRecipe Edge(double width, double depth) =>
        new() { Table = edge, Width = width, Depth = [depth], Activation = ActivationKind.Relu };

    static MobileRecipe Lite(double width, double depth) => new()
    {
        Table = lite,
        Width = width,
        Depth = [depth],
        FixedStem = true,
        FixedFeatures = true,
        FixedEnds = true,
        Activation = ActivationKind.Relu6,
    };

    static MobileRecipe Base2(double width, double depth) =>
        new() { Table = base2, Width = width, Depth = [depth], RoundLimit = 0 };

    static MobileRecipe Small2(MobileStage[][] table) => new() { Table = table, Stem = 24 };

    static MobileRecipe V2(MobileStage[][] table, int stem) => new() { Table = table, Stem = stem, FixedFeatures = true };

    /// <summary>As weights of TensorFlow's want it.</summary>
    static MobileRecipe Tf(MobileRecipe recipe) => recipe with { Border = BorderKind.Same, Eps = 1e-3 };

    static Config Of(MobileRecipe recipe) => new()
    {
        Stem = recipe.StemChannels,
        Stages = recipe.Stages(),
        Features = recipe.LastChannels,
        Activation = recipe.Activation,
        Border = recipe.Border,
        Eps = recipe.Eps,
    };

    /// <summary>timm's: resized to size / fraction, cropped in the middle, ImageNet's statistics.</summary>
    static Func<Preprocess> Crop(int size, double fraction = 0.875, Interpolation interpolation = Interpolation.Bicubic) =>
        () => Preprocess.TorchVision(size, (int)Math.Floor(size / fraction), interpolation);

    /// <summary>The same with mean and deviation 0.5.</summary>
    static Func<Preprocess> Half(int size, double fraction = 0.875, Interpolation interpolation = Interpolation.Bicubic) =>
        () => Crop(size, fraction, interpolation)() with { Mean = half, Std = half };

    static Func<Preprocess> Squash(Func<Preprocess> preprocess) =>
        () => preprocess() with { ResizeMode = ResizeMode.Exact };

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("efficientnet_b0", B(1, 1), 0.2, 224, 256),
        TorchVision("efficientnet_b1", B(1, 1.1), 0.2, 240, 256),
        TorchVision("efficientnet_b2", B(1.1, 1.2), 0.3, 288, 288),
        TorchVision("efficientnet_b3", B(1.2, 1.4), 0.3, 300, 320),
        TorchVision("efficientnet_b4", B(1.4, 1.8), 0.4, 380, 384),
        TorchVision("efficientnet_b5", B(1.6, 2.2) with { Eps = 1e-3 }, 0.4, 456, 456, momentum: 0.01),
        TorchVision("efficientnet_b6", B(1.8, 2.6) with { Eps = 1e-3 }, 0.5, 528, 528, momentum: 0.01),
        TorchVision("efficientnet_b7", B(2, 3.1) with { Eps = 1e-3 }, 0.5, 600, 600, momentum: 0.01),
        TorchVision("efficientnet_v2_s", Small2(small2) with { Eps = 1e-3 }, 0.2, 384, 384, Interpolation.Bilinear),
        TorchVision("efficientnet_v2_m", V2(medium2, 24) with { Eps = 1e-3 }, 0.3, 480, 480, Interpolation.Bilinear),
        TorchVision("efficientnet_v2_l", V2(large2, 32) with { Eps = 1e-3 }, 0.4, 480, 480),

        .. timm.Select(item => Timm(item.Name, item.Name, item.Preprocess)),
        // names of weights that timm once had as architectures
        .. Enumerable.Range(0, 9).Select(i => Timm($"tf_efficientnet_b{i}_ap", $"tf_efficientnet_b{i}", AdversarialOf(i))),
        .. Enumerable.Range(0, 8).Select(i => Timm($"tf_efficientnet_b{i}_ns", $"tf_efficientnet_b{i}")),
        Timm("efficientnet_b2a", "efficientnet_b2"),
        Timm("efficientnet_b3a", "efficientnet_b3"),
        Timm("tf_efficientnet_l2_ns", "tf_efficientnet_l2", Crop(800, 0.96)),
        Timm("tf_efficientnet_l2_ns_475", "tf_efficientnet_l2"),
        Timm("tf_efficientnetv2_s_in21ft1k", "tf_efficientnetv2_s"),
        Timm("tf_efficientnetv2_m_in21ft1k", "tf_efficientnetv2_m"),
        Timm("tf_efficientnetv2_l_in21ft1k", "tf_efficientnetv2_l"),
        Timm("tf_efficientnetv2_xl_in21ft1k", "tf_efficientnetv2_xl"),
        Timm("tf_efficientnetv2_s_in21k", "tf_efficientnetv2_s", classes: 21843),
        Timm("tf_efficientnetv2_m_in21k", "tf_efficientnetv2_m", classes: 21843),
        Timm("tf_efficientnetv2_l_in21k", "tf_efficientnetv2_l", classes: 21843),
        Timm("tf_efficientnetv2_xl_in21k", "tf_efficientnetv2_xl", classes: 21843),

        HuggingFace(0, 1, 1, 224, 0.2, "[]"),
        HuggingFace(1, 1, 1.1, 240, 0.2, "[16]"),
        HuggingFace(2, 1.1, 1.2, 260, 0.3, "[5,8,16]"),
        HuggingFace(3, 1.2, 1.4, 300, 0.3, "[5,18]"),
        HuggingFace(4, 1.4, 1.8, 380, 0.4, "[6]"),
        HuggingFace(5, 1.6, 2.2, 456, 0.4, "[13,27]"),
        HuggingFace(6, 1.8, 2.6, 528, 0.5, "[31]"),
        HuggingFace(7, 2, 3.1, 600, 0.5, "[18]"),
    ];

    IReadOnlyList<ModelVariant>? variants;

    long ParametersOf(string name) => timm.First(item => item.Name == name).Parameters;

    /// <summary>Weights trained with adversarial examples want mean and deviation 0.5.</summary>
    Func<Preprocess> AdversarialOf(int number)
    {
        Func<Preprocess> preprocess = timm.First(item => item.Name == $"tf_efficientnet_b{number}").Preprocess;
        return () => preprocess() with { Mean = half, Std = half };
    }

    ModelVariant TorchVision(
        string name, MobileRecipe recipe, double dropout, int crop, int resize,
        Interpolation interpolation = Interpolation.Bicubic, double momentum = 0.1) =>
        new(Origin.TorchVision, name, this, ParametersOf(name.Replace("net_v2", "netv2")),
            () => Of(recipe) with { Dropout = dropout, DropPath = 0.2, Momentum = momentum },
            () => Preprocess.TorchVision(crop, resize, interpolation) is var preprocess && name == "efficientnet_v2_l"
                ? preprocess with { Mean = half, Std = half } : preprocess);

    ModelVariant Timm(string name, string architecture, Func<Preprocess>? preprocess = null, int classes = 1000)
    {
        (_, long parameters, MobileRecipe recipe, Func<Preprocess> own) = timm.First(item => item.Name == architecture);
        return new(Origin.Timm, name, this, parameters + (classes - 1000L) * (recipe.LastChannels + 1),
            () => Of(recipe) with { Classes = classes }, preprocess ?? own);
    }

    /// <summary>Images are not cropped, and divided by the deviation twice.</summary>
    ModelVariant HuggingFace(int number, double width, double depth, int size, double dropout, string symmetric)
    {
        string name = $"efficientnet-b{number}";
        string config = string.Create(CultureInfo.InvariantCulture, $$"""
            {"width_coefficient":{{width}},"depth_coefficient":{{depth}},"hidden_dim":{{B(width, depth).LastChannels}},
            "dropout_rate":{{dropout}},"depthwise_padding":{{symmetric}}}
            """);
        return new(Origin.HuggingFace, name, this, ParametersOf($"efficientnet_b{number}"), () => FromHuggingFace(config, name),
            () => Preprocess.FromHuggingFace(
                $$"""
                {"image_processor_type":"EfficientNetImageProcessor","size":{"height":{{size}},"width":{{size}}},
                "resample":0,"include_top":true,
                "image_mean":[0.485,0.456,0.406],"image_std":[0.47853944,0.4732864,0.47434163]}
                """));
    }

    ModelConfig FromHuggingFace(string config, string name)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        return FromHuggingFace(new ConfigReader(document.RootElement, name));
    }
}
