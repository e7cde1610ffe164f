using Graft.Imaging;
using Graft.Models.Classification.Mobile;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class MobileNetV3
{
    static readonly float[] half = [0.5f, 0.5f, 0.5f];

    /// <summary>timm's architectures: name, parameters, recipe, and how its default weights want their images.</summary>
    readonly (string Name, long Parameters, MobileRecipe Recipe, Func<Preprocess> Preprocess)[] timm =
    [
        ("mobilenetv3_large_075", 3_993_528, Of(large, 0.75), Crop(Interpolation.Bilinear)),
        ("mobilenetv3_large_100", 5_483_032, Of(large), Crop()),
        ("mobilenetv3_large_150d", 14_622_320, Of(large, 1.5) with { Depth = [1.2] },
            () => Half(Preprocess.TorchVision(256, 269))),
        ("mobilenetv3_small_050", 1_593_224, Of(small, 0.5), Crop()),
        ("mobilenetv3_small_075", 2_041_872, Of(small, 0.75), Crop()),
        ("mobilenetv3_small_100", 2_542_856, Of(small), Crop()),
        ("mobilenetv3_rw", 5_479_918, Of(first) with { SqueezeRounded = false, Eps = 1e-3 }, Crop()),
        ("tf_mobilenetv3_large_075", 3_993_528, Tf(Of(large, 0.75)), TensorFlow),
        ("tf_mobilenetv3_large_100", 5_483_032, Tf(Of(large)), TensorFlow),
        ("tf_mobilenetv3_large_minimal_100", 3_924_288, Tf(OfMinimal(large)), TensorFlow),
        ("tf_mobilenetv3_small_075", 2_041_872, Tf(Of(small, 0.75)), TensorFlow),
        ("tf_mobilenetv3_small_100", 2_542_856, Tf(Of(small)), TensorFlow),
        ("tf_mobilenetv3_small_minimal_100", 2_044_736, Tf(OfMinimal(small)), TensorFlow),
    ];

    /// <summary>The recipes of timm's architectures, in their order.</summary>
    OrderedDictionary<string, MobileRecipe> Recipes => recipes ??= new(
        timm.Select(item => new KeyValuePair<string, MobileRecipe>(item.Name, item.Recipe)));

    OrderedDictionary<string, MobileRecipe>? recipes;

    /// <summary>Narrow networks keep their first convolution; the layer behind the pool is never scaled.</summary>
    static MobileRecipe Of(MobileStage[][] table, double width = 1) => new()
    {
        Table = table,
        Stem = 16,
        FixedStem = width < 0.75,
        Features = table == small ? 1024 : 1280,
        FixedFeatures = true,
        Width = width,
        Activation = ActivationKind.Hardswish,
        SqueezeOfWide = true,
        SqueezeRounded = true,
    };

    static MobileRecipe OfMinimal(MobileStage[][] table) =>
        Of(table) with { Table = Minimal(table), Activation = ActivationKind.Relu };

    /// <summary>As weights of TensorFlow's want it.</summary>
    static MobileRecipe Tf(MobileRecipe recipe) => recipe with { Border = BorderKind.Same, Eps = 1e-3 };

    static Config Of(MobileRecipe recipe) => new()
    {
        Stem = recipe.StemChannels,
        Stages = recipe.Stages(),
        Features = recipe.LastChannels,
        Activation = recipe.Activation,
        SqueezeActivation = recipe.SqueezeRounded ? ActivationKind.Relu : null, // timm's first one has the blocks' own
        Gate = ActivationKind.Hardsigmoid,
        Border = recipe.Border,
        Eps = recipe.Eps,
        HeadBias = recipe.SqueezeRounded,
    };

    static Func<Preprocess> Crop(Interpolation interpolation = Interpolation.Bicubic) =>
        () => Preprocess.ImageNet(224, interpolation);

    static Preprocess Half(Preprocess preprocess) => preprocess with { Mean = half, Std = half };

    static Preprocess TensorFlow() => Half(Preprocess.ImageNet());

    static Preprocess Raw() => Preprocess.ImageNet() with { Mean = [0, 0, 0], Std = [1, 1, 1] };

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        TorchVision("mobilenet_v3_large", "mobilenetv3_large_100", large),
        TorchVision("mobilenet_v3_small", "mobilenetv3_small_100", small),
        .. timm.Select(item => Timm(item.Name, item.Name, item.Preprocess)),
        // names of weights that timm once had as architectures
        Timm("mobilenetv3_large_100_miil", "mobilenetv3_large_100", Raw),
        Timm("mobilenetv3_large_100_miil_in21k", "mobilenetv3_large_100", Raw, classes: 11221),
    ];

    IReadOnlyList<ModelVariant>? variants;

    ModelVariant TorchVision(string name, string same, MobileStage[][] table) =>
        new(Origin.TorchVision, name, this, timm.First(item => item.Name == same).Parameters,
            () => Of(Of(table) with { Eps = 1e-3 }) with { Momentum = 0.01, Dropout = 0.2, HeadStart = HeadStart.Normal },
            () => Preprocess.TorchVision());

    ModelVariant Timm(string name, string architecture, Func<Preprocess> preprocess, int classes = 1000)
    {
        (_, long parameters, MobileRecipe recipe, _) = timm.First(item => item.Name == architecture);
        return new(Origin.Timm, name, this, parameters + (classes - 1000L) * (recipe.LastChannels + 1),
            () => Of(recipe) with { Classes = classes }, preprocess);
    }
}
