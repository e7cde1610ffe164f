using System.Text.Json;
using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>Every layer's output, gradients and running statistics against PyTorch's own.</summary>
public class LayerGoldenTests
{
    /// <summary>Ops that no module stands for; everything else in the golden file must be covered.</summary>
    static readonly HashSet<string> notModules = ["batch_norm1d", "softmax", "log_softmax"];

    public static TheoryData<string> Names => [.. GoldenFile.Open("layers").Cases
        .Where(item => !notModules.Contains(item.GetProperty("op").GetString()!) && !IsRectangular(item))
        .Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void A_layer_gives_what_PyTorch_gives(string name) => Check(name, MemoryFormat.Contiguous);

    [Theory, MemberData(nameof(Names))]
    public void A_layer_gives_the_same_in_channels_last(string name)
    {
        using (new TensorScope())
            if (GoldenFile.Open("layers").Read($"{name}.input").Rank != 4) return;
        Check(name, MemoryFormat.ChannelsLast);
    }

    static void Check(string name, MemoryFormat format)
    {
        GoldenFile golden = GoldenFile.Open("layers");
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        JsonElement options = golden.Case(name);
        Tensor? weight = golden.Find($"{name}.weight"), bias = golden.Find($"{name}.bias");
        Module layer = Build(ModulePath.Root(store) / "layer", options, weight, bias is not null);
        using (Autograd.NoGrad())
            foreach (Parameter parameter in store.All)
                if (golden.Find($"{name}.{parameter.Name["layer.".Length..]}") is { } value) parameter.Value.Copy_(value);
        store.SetMemoryFormat(format);
        if (options.TryGetProperty("training", out JsonElement training)) store.SetMode("", training.GetBoolean());

        Tensor input = golden.Read($"{name}.input");
        if (format != MemoryFormat.Contiguous) input = input.Contiguous(format);
        input.RequiresGrad = true;
        Tensor output = layer.Forward(input), expected = golden.Read($"{name}.output");
        if (layer is GlobalAveragePool or GlobalMaxPool) output = output.Reshape(expected.Shape);
        Close.To(expected, output, 1e-6, "output");

        (output * golden.Read($"{name}.cotangent")).Sum().Backward();
        Close.To(golden.Read($"{name}.grad.input"), input.Grad!, 5e-6, "input's gradient");
        foreach (Parameter parameter in store.Weights)
        {
            string key = parameter.Name["layer.".Length..];
            Close.To(golden.Read($"{name}.grad.{key}"), parameter.Value.Grad!, 5e-6, $"gradient of {key}");
        }
        foreach (string key in (string[])["running_mean", "running_var"])
            if (store.Find($"layer.{key}") is { } statistic)
                Close.To(golden.Find($"{name}.after.{key}") ?? golden.Read($"{name}.{key}"), statistic.Value, 1e-6, key);
    }

    static Module Build(ModulePath at, JsonElement options, Tensor? weight, bool bias)
    {
        int Number(string key) => options.GetProperty(key).GetInt32();
        double Real(string key) => options.GetProperty(key).GetDouble();
        int Size(int dimension) => (int)weight!.Size(dimension);
        string op = options.GetProperty("op").GetString()!;
        switch (op)
        {
            case "conv2d":
                JsonElement padding = options.GetProperty("padding");
                int groups = Number("groups");
                return new Conv2d(
                    at, Size(1) * groups, Size(0), Size(2), Number("stride"),
                    padding.ValueKind == JsonValueKind.String ? Padding.Same : padding.GetInt32(),
                    Number("dilation"), groups, bias);
            case "batch_norm2d": return new BatchNorm2d(at, Size(0), Real("eps"), Real("momentum"));
            case "layer_norm":
                return options.GetProperty("channels_first").GetBoolean()
                    ? new LayerNorm2d(at, Size(0), Real("eps")) : new LayerNorm(at, Size(0), Real("eps"));
            case "group_norm": return new GroupNorm(at, Number("groups"), Size(0), Real("eps"));
            case "conv_transpose2d": return new ConvTranspose2d(at, Size(0), Size(1), Size(2));
            case "linear": return new Linear(at, Size(1), Size(0), bias);
            case "max_pool2d":
                return new MaxPool2d(
                    at, Number("kernel"), Number("stride"), Number("padding"), options.GetProperty("ceil_mode").GetBoolean());
            case "avg_pool2d":
                return new AvgPool2d(
                    at, Number("kernel"), Number("stride"), Number("padding"), options.GetProperty("ceil_mode").GetBoolean(),
                    options.GetProperty("count_include_pad").GetBoolean());
            case "adaptive_avg_pool2d": return new GlobalAveragePool(at);
            case "adaptive_max_pool2d": return new GlobalMaxPool(at);
            default:
                Assert.True(Enum.TryParse(op.Replace("_", ""), ignoreCase: true, out ActivationKind kind), op);
                return new Activation(at, kind);
        }
    }

    static bool IsRectangular(JsonElement item) =>
        item.TryGetProperty("padding", out JsonElement padding) && padding.ValueKind == JsonValueKind.Array;
}
