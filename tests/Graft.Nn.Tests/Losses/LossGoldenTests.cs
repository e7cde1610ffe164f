using System.Text.Json;
using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>Every loss and its gradient against PyTorch's.</summary>
public class LossGoldenTests
{
    public static TheoryData<string> Names =>
        [.. GoldenFile.Open("losses").Cases.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void A_loss_gives_what_PyTorch_gives(string name)
    {
        GoldenFile golden = GoldenFile.Open("losses");
        using var scope = new TensorScope();
        Tensor logits = golden.Read($"{name}.logits"), target = golden.Read($"{name}.target");
        logits.RequiresGrad = true;
        ILoss computes = Build(golden, name);
        long before = Tensor.LiveCount;
        Tensor loss = computes.Compute(logits, target);
        Assert.Equal(before + 1, Tensor.LiveCount);
        Close.To(golden.Read($"{name}.loss"), loss, 1e-6, "loss");
        loss.Sum().Backward();
        Close.To(golden.Read($"{name}.grad.logits"), logits.Grad!, 1e-6, "gradient");
    }

    static ILoss Build(GoldenFile golden, string name)
    {
        JsonElement options = golden.Case(name);
        float[]? Weights(string key) => golden.Find($"{name}.{key}")?.ToArray<float>();
        double Number(string key, double otherwise) =>
            options.TryGetProperty(key, out JsonElement item) && item.ValueKind == JsonValueKind.Number
                ? item.GetDouble() : otherwise;
        Reduction Reduced() => Enum.Parse<Reduction>(options.GetProperty("reduction").GetString()!, ignoreCase: true);
        switch (options.GetProperty("op").GetString())
        {
            case "binary_cross_entropy_with_logits":
                return new BinaryCrossEntropyLoss(Weights("pos_weight")) { LabelSmoothing = Number("label_smoothing", 0) };
            case "focal":
                double alpha = Number("alpha", -1);
                return new FocalLoss(Weights("weight"))
                {
                    Several = options.GetProperty("several").GetBoolean(),
                    Alpha = alpha < 0 ? null : alpha,
                    Gamma = Number("gamma", 2),
                    Reduction = Reduced(),
                };
            case "mse": return new NumberLoss { Reduction = Reduced() };
            case "l1": return new NumberLoss(NumberLossKind.Absolute);
            case "huber": return new NumberLoss(NumberLossKind.Huber) { Delta = Number("delta", 1) };
        }
        JsonElement ignored = options.GetProperty("ignore_index");
        return new CrossEntropyLoss(Weights("weight"))
        {
            LabelSmoothing = options.GetProperty("label_smoothing").GetDouble(),
            IgnoreIndex = ignored.ValueKind == JsonValueKind.Number ? ignored.GetInt64() : -100,
            Reduction = Reduced(),
        };
    }

    [Fact]
    public void Focal_loss_takes_mixed_targets_and_certain_logits()
    {
        using var scope = new TensorScope();
        Tensor logits = Tensor.FromSpan<float>([200, -200, 0, 0], [2, 2]);
        logits.RequiresGrad = true;
        Tensor loss = new FocalLoss { Gamma = 0.5 }.Compute(logits, Tensor.FromSpan<float>([1, 0, 0.25f, 0.75f], [2, 2]));
        Assert.Equal(Math.Log(2) * Math.Sqrt(0.5) / 2, loss.Item<float>(), 1e-6);
        loss.Backward();
        Assert.All(logits.Grad!.ToArray<float>(), slope => Assert.True(float.IsFinite(slope)));
    }

    [Fact]
    public void Weights_of_several_labels_are_those_of_their_positives()
    {
        using var scope = new TensorScope();
        Tensor logits = Tensor.FromSpan<float>([0.3f, -0.7f, 1.1f, 0.2f], [2, 2]);
        Tensor targets = Tensor.FromSpan<float>([1, 0, 0, 1], [2, 2]);
        float[] Losses(float[]? weights) => new FocalLoss(weights) { Several = true, Reduction = Reduction.None }
            .Compute(logits, targets).ToArray<float>();
        float[] plain = Losses(null), weighted = Losses([3, 5]);
        foreach ((int at, float factor) in ((int, float)[])[(0, 3), (1, 1), (2, 1), (3, 5)])
            Assert.Equal(factor * plain[at], weighted[at], 1e-6);
    }

    [Fact]
    public void Names_make_losses_that_fit_the_labels()
    {
        foreach (string name in LossList.Names) Assert.NotNull(LossList.Make(name));
        Assert.Contains("bce", Assert.Throws<ArgumentException>(
            () => LossList.Make("crossentropy", new LossOptions { Several = true })).Message);
        Assert.Contains("crossentropy, bce", Assert.Throws<ArgumentException>(() => LossList.Make("hinge")).Message);
    }

    [Fact]
    public void Numbers_of_another_shape_are_not_repeated()
    {
        using var scope = new TensorScope();
        Assert.Contains("[2, 1]", Assert.Throws<ArgumentException>(
            () => new NumberLoss().Compute(Tensor.Zeros([2, 1]), Tensor.Zeros([2]))).Message);
    }

    [Fact]
    public void Whole_numbers_serve_as_binary_targets()
    {
        using var scope = new TensorScope();
        Tensor logits = Tensor.FromSpan<float>([2, -1], [1, 2]);
        Tensor loss = new BinaryCrossEntropyLoss().Compute(logits, Tensor.FromSpan<long>([1, 0], [1, 2]));
        Assert.Equal((Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-1))) / 2, loss.Item<float>(), 1e-6);
    }
}
