using System.Text.Json;
using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>Ten steps of each optimiser with PyTorch's gradients against PyTorch's own values after each of them.</summary>
public class OptimizerGoldenTests
{
    public static TheoryData<string> Names =>
        [.. GoldenFile.Open("optimisers").Cases.Select(item => item.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Each_step_gives_PyTorchs_values(string name) => Check(name, resumeAt: -1);

    [Theory, MemberData(nameof(Names))]
    public void A_resume_from_exported_state_changes_nothing(string name) => Check(name, resumeAt: 6);

    static void Check(string name, int resumeAt)
    {
        GoldenFile golden = GoldenFile.Open("optimisers");
        JsonElement options = golden.Case(name);
        using var scope = new TensorScope();
        using var store = new ParameterStore();
        Dictionary<string, Tensor> values = [], gradients = [];
        foreach (string parameter in GroupsOf(options).SelectMany(NamesOf))
        {
            values[parameter] = golden.Read($"{name}.values.{parameter}");
            gradients[parameter] = golden.Read($"{name}.gradients.{parameter}");
            Parameter made = ModulePath.Root(store).Weight(parameter, values[parameter].Shape[1..]);
            using (Autograd.NoGrad()) made.Value.Copy_(values[parameter].Select(0, 0));
        }
        Optimizer optimizer = Make(options, store);
        int steps = options.GetProperty("steps").GetInt32();
        JsonElement late = options.GetProperty("no_gradient");
        for (int step = 1; step <= steps; step++)
        {
            if (step == resumeAt) optimizer = Resume(optimizer, Make(options, store));
            Apply(options.GetProperty("per_step")[step - 1], optimizer);
            optimizer.ZeroGrad();
            foreach (Parameter parameter in store.All)
            {
                bool without = late.ValueKind == JsonValueKind.Object && step < late.GetProperty("until_step").GetInt32() &&
                    NamesOf(late).Contains(parameter.Name);
                if (!without) parameter.Value.Grad = gradients[parameter.Name].Select(0, step - 1).Clone();
            }
            if (options.GetProperty("clip_grad_norm") is { ValueKind: JsonValueKind.Number } clip)
            {
                double norm = Gradients.ClipNorm(store.All, clip.GetDouble());
                double expected = golden.Read($"{name}.norms").ToArray<float>()[step - 1];
                Assert.InRange(norm, expected * (1 - 1e-6), expected * (1 + 1e-6));
            }
            optimizer.Step();
            foreach (Parameter parameter in store.All)
                Close.To(values[parameter.Name].Select(0, step), parameter.Value, 1e-6, $"{parameter.Name} after step {step}");
        }
        optimizer.Dispose();
    }

    static Optimizer Resume(Optimizer before, Optimizer after)
    {
        after.ImportState(before.ExportState());
        before.Dispose();
        return after;
    }

    static Optimizer Make(JsonElement options, ParameterStore store)
    {
        JsonElement defaults = options.GetProperty("defaults");
        double Default(string key) => defaults.GetProperty(key).GetDouble();
        List<ParameterGroup> groups = [];
        foreach (JsonElement group in GroupsOf(options))
        {
            double Own(string key) => group.TryGetProperty(key, out JsonElement own) ? own.GetDouble() : Default(key);
            groups.Add(new ParameterGroup(
                $"group {groups.Count}", NamesOf(group).Select(parameter => store.Find(parameter)!), Own("lr"),
                Own("weight_decay")));
        }
        string op = options.GetProperty("op").GetString()!;
        if (op == "SGD")
            return new Sgd(groups, Default("momentum"), Default("dampening"), defaults.GetProperty("nesterov").GetBoolean());
        if (op is "RMSprop" or "RMSpropTF")
            return new RmsProp(
                groups, Default("alpha"), Default("eps"), Default("momentum"),
                defaults.TryGetProperty("centered", out JsonElement centered) && centered.GetBoolean(), op == "RMSpropTF");
        double beta1 = defaults.GetProperty("betas")[0].GetDouble(), beta2 = defaults.GetProperty("betas")[1].GetDouble();
        if (op == "Lamb")
            return new Lamb(groups, beta1, beta2, Default("eps"))
            {
                MaxGradientNorm = Default("max_grad_norm"),
                ClipsTrust = defaults.GetProperty("trust_clip").GetBoolean(),
                AdaptsAll = defaults.GetProperty("always_adapt").GetBoolean(),
            };
        return op == "AdamW" ? new AdamW(groups, beta1, beta2, Default("eps")) : new Adam(groups, beta1, beta2, Default("eps"));
    }

    static void Apply(JsonElement settings, Optimizer optimizer)
    {
        if (settings.TryGetProperty("lr", out JsonElement rates))
            for (int i = 0; i < optimizer.Groups.Count; i++) optimizer.Groups[i].LearningRate = rates[i].GetDouble();
        if (settings.TryGetProperty("betas", out JsonElement betas)) optimizer.Momentum = betas[0][0].GetDouble();
    }

    static IEnumerable<JsonElement> GroupsOf(JsonElement options) => options.GetProperty("groups").EnumerateArray();

    static IEnumerable<string> NamesOf(JsonElement owner) =>
        owner.GetProperty("names").EnumerateArray().Select(name => name.GetString()!);
}
