using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>Every family of the zoo at tiny widths, with products in bfloat16.</summary>
public class PrecisionTests
{
    const int Height = 64;

    /// <summary>
    /// bfloat16 has 8 bits of mantissa: a product is off by up to 1/512 of itself, which grows over the layers. Against the
    /// largest logit, networks of up to about 50 layers with new weights were measured below 0.2.
    /// </summary>
    const double Tolerance = 0.25;

    /// <summary>Of each family and origin one, and what is built of other parts.</summary>
    public static TheoryData<string> Variants =>
    [
        .. ModelZoo.Variants.DistinctBy(variant => (variant.Family, variant.Origin)).Select(variant => variant.FullName)
            .Union(["torchvision:resnext50_32x4d", "timm:seresnet50", "timm:ecaresnet50d", "timm:resnetrs50",
                "timm:efficientnet_lite0", "timm:efficientnetv2_rw_t", "timm:vit_base_patch32_siglip_256",
                "torchvision:swin_v2_t", "timm:swinv2_tiny_window16_256", "torchvision:regnet_y_400mf",
                "timm:convnextv2_atto", "torchvision:mobilenet_v3_large"]),
    ];

    [Theory, MemberData(nameof(Variants))]
    public void Logits_are_near_those_of_float32_and_nothing_leaks(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using ImageModel model = Create(variant);
        using var scope = new TensorScope();
        Tensor images = Images(variant);
        model.Evaluate();
        using (Autograd.NoGrad())
        using (Module.Observe(new Calibrator(model.Parameters))) model.Forward(images); // else new weights give next to nothing

        float[] full, low, recorded;
        using (Autograd.NoGrad())
        {
            full = model.Forward(images).ToArray<float>();
            using PrecisionScope mode = Precision.Use(DType.BFloat16);
            low = model.Forward(images).ToArray<float>();
        }
        using (Precision.Use(DType.BFloat16)) recorded = model.Forward(images).ToArray<float>(); // other kernels
        float largest = full.Max(Math.Abs);
        Assert.True(largest > 1e-4, $"{largest}: the logits are all zero, nothing is tested");
        Assert.NotEqual(full, low);
        Assert.Equal(0, Furthest(full, low) / largest, Tolerance);
        Assert.Equal(0, Furthest(full, recorded) / largest, Tolerance);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Gradients_arrive_in_float32_and_nothing_leaks(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        using ImageModel model = Create(variant);
        model.Train();
        long after = 0;
        for (int step = 0; step < 3; step++)
        {
            using (var scope = new TensorScope())
            {
                Tensor loss;
                using (Precision.Use(DType.BFloat16)) loss = ZooTests.Loss(model, Images(variant));
                loss.Backward();
                foreach (Parameter parameter in model.Parameters.Weights)
                {
                    Tensor? gradient = parameter.Value.Grad;
                    Assert.True(gradient is not null, $"{parameter.Name} has no gradient");
                    Assert.Equal(DType.Float32, gradient.DType);
                    Assert.True(float.IsFinite(gradient.Norm().Item<float>()), $"{parameter.Name}'s gradient is not finite");
                }
            }
            if (step == 1) after = Tensor.LiveCount;
            if (step == 2) Assert.Equal(after, Tensor.LiveCount);
        }
        Assert.All(model.Parameters.Weights, parameter => Assert.Equal(DType.Float32, parameter.Value.DType));
    }

    static ImageModel Create(ModelVariant variant)
    {
        var preprocess = variant.Preprocess with { Height = Height, Width = 64 };
        return ModelZoo.Create(variant.Family, ZooTests.Tiny(variant), variant.Origin, preprocess, ["a", "b", "c"], seed: 7);
    }

    static Tensor Images(ModelVariant variant)
    {
        var pixels = new float[2 * 3 * Height * 64];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = MathF.Sin(i * 0.37f) + MathF.Cos(i * i % 1009);
        return Tensor.FromArray(pixels, [2, 3, Height, 64]).Contiguous(MemoryFormat.ChannelsLast);
    }

    static double Furthest(float[] left, float[] right) => left.Zip(right, (a, b) => (double)Math.Abs(a - b)).Max();

    /// <summary>Sets the variances of each batch normalisation so that what it gives is neither small nor large.</summary>
    sealed class Calibrator(ParameterStore store) : IModuleObserver
    {
        public void OnEntering(Module module, Tensor input)
        {
            if (module is not BatchNorm2d) return;
            using Tensor variance = input.Square().Mean();
            store.Find($"{module.Path}.running_var")!.Value.Fill_(variance.Item<float>());
        }

        public void OnLeaving(Module module, Tensor input, Tensor output) { }

        public void OnPart(Module module, string name, string kind, Tensor input, Tensor output) { }
    }
}
