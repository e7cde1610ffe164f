using System.Text.Json;
using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>The losses of masks and their gradients against PyTorch's and the papers' formulas.</summary>
public class MaskLossTests
{
    public static TheoryData<string> Names =>
        [.. GoldenFile.Open("mask_losses").Cases.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void A_loss_is_that_of_its_paper(string name)
    {
        GoldenFile golden = GoldenFile.Open("mask_losses");
        JsonElement options = golden.Case(name);
        using var scope = new TensorScope();
        Tensor logits = golden.Read($"{name}.logits"), target = golden.Read($"{name}.target");
        logits.RequiresGrad = true;
        ILoss computes = LossList.Make(options.GetProperty("loss").GetString()!, new LossOptions
        {
            Masks = true,
            ClassWeights = golden.Find($"{name}.weight")?.ToArray<float>(),
            LabelSmoothing = options.GetProperty("label_smoothing").GetDouble(),
        });
        long before = Tensor.LiveCount;
        Tensor loss = computes.Compute(logits, target);
        Assert.Equal(before + 1, Tensor.LiveCount);
        Close.To(golden.Read($"{name}.loss"), loss, 2e-6, "loss");
        loss.Backward();
        Close.To(golden.Read($"{name}.grad.logits"), logits.Grad!, 4e-6, "gradient");
    }

    [Theory]
    [InlineData("ce"), InlineData("dice"), InlineData("tversky"), InlineData("lovasz"), InlineData("focal")]
    [InlineData("ce+dice+0.5*lovasz")]
    public void Where_all_is_ignored_there_is_no_loss_and_no_gradient(string name)
    {
        using var scope = new TensorScope();
        foreach (float[]? weights in (float[]?[])[null, [1, 2, 3]])
        {
            Tensor logits = Tensor.FromSpan<float>([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 3, 2, 2]);
            logits.RequiresGrad = true;
            Tensor ignored = Tensor.Full([2, 2, 2], LossTargets.Ignore, DType.Int64);
            Tensor loss = LossList.Make(name, new LossOptions { Masks = true, ClassWeights = weights }).Compute(logits, ignored);
            Assert.Equal(0, loss.Item<float>());
            loss.Backward();
            Assert.All(logits.Grad!.ToArray<float>(), slope => Assert.Equal(0, slope));
        }
    }

    [Theory]
    [InlineData("ce"), InlineData("dice"), InlineData("tversky"), InlineData("lovasz"), InlineData("focal")]
    public void Narrow_logits_are_taken_in_full(string name)
    {
        using var scope = new TensorScope();
        Tensor logits = Tensor.FromSpan<float>([0.5f, -1.25f, 2, 0.75f, 1, 0, -3, 0.25f], [1, 2, 2, 2]);
        Tensor truth = Tensor.FromSpan<long>([0, 1, 1, LossTargets.Ignore], [1, 2, 2]);
        ILoss computes = LossList.Make(name, new LossOptions { Masks = true });
        Tensor narrow = computes.Compute(logits.To(DType.BFloat16), truth); // the numbers are exact in it
        Assert.Equal(DType.Float32, narrow.DType);
        Assert.Equal(computes.Compute(logits, truth).Item<float>(), narrow.Item<float>());
    }

    [Theory]
    [InlineData("dice"), InlineData("tversky"), InlineData("lovasz")]
    public void What_is_no_class_is_refused(string name)
    {
        using var scope = new TensorScope();
        ILoss computes = LossList.Make(name, new LossOptions { Masks = true });
        foreach (long wrong in (long[])[3, 255, -1])
            Assert.Contains($"came {wrong}", Assert.Throws<ArgumentException>(
                () => computes.Compute(Tensor.Zeros([1, 3, 1, 2]), Tensor.FromSpan<long>([0, wrong], [1, 1, 2]))).Message);
        Assert.Contains("[1, 3, 2, 2]", Assert.Throws<ArgumentException>(
            () => computes.Compute(Tensor.Zeros([1, 3, 2, 2]), Tensor.FromSpan<long>([0, 1], [1, 1, 2]))).Message);
    }

    [Theory]
    [InlineData("hinge", "crossentropy"), InlineData("ce+", "expected one of"), InlineData("x*ce", "weight"),
        InlineData("-1*ce", "weight"), InlineData("ce:gamma=2", "no parameters"), InlineData("tversky:gamma=2", "alpha=NUMBER"),
        InlineData("tversky:alpha=-1", "alpha"), InlineData("dice:smooth=0", "smooth"), InlineData("bce", "not for masks"),
        InlineData("ce+mse", "not for masks")]
    public void A_loss_that_makes_no_sense_is_told(string name, string expected) => Assert.Contains(
        expected, Assert.ThrowsAny<ArgumentException>(() => LossList.Make(name, new LossOptions { Masks = true })).Message);

    [Fact]
    public void Losses_of_overlaps_are_for_masks_alone()
    {
        Assert.Contains("masks only", Assert.Throws<ArgumentException>(() => LossList.Make("dice")).Message);
        Assert.True(LossList.IsForMasks("ce+lovasz"));
        Assert.False(LossList.IsForMasks("ce+focal"));
        Assert.IsType<SumLoss>(LossList.Make("crossentropy+0.5*focal"));
        foreach (string name in LossList.MaskNames) Assert.NotNull(LossList.Make(name, new LossOptions { Masks = true }));
    }
}
