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
        if (options.GetProperty("op").GetString() != "cross_entropy") return new BinaryCrossEntropyLoss(Weights("pos_weight"));
        JsonElement ignored = options.GetProperty("ignore_index");
        return new CrossEntropyLoss(Weights("weight"))
        {
            LabelSmoothing = options.GetProperty("label_smoothing").GetDouble(),
            IgnoreIndex = ignored.ValueKind == JsonValueKind.Number ? ignored.GetInt64() : -100,
            Reduction = Enum.Parse<Reduction>(options.GetProperty("reduction").GetString()!, ignoreCase: true),
        };
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
