using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;
using Graft.Torch;

namespace Graft.Models;

/// <summary>Opens TorchScript files and the folders that Graft saves them in.</summary>
static class ScriptLoader
{
    /// <summary>The module in a folder that Graft saved.</summary>
    public const string FileName = "model.pt";

    const int MaxOutputs = 1 << 20;

    /// <summary>The TorchScript file that a path means; null where it means something else.</summary>
    public static string? Find(string path)
    {
        if (File.Exists(path)) return TorchFile.IsScript(path) ? path : null;
        string config = Path.Combine(path, "config.json"), module = Path.Combine(path, FileName);
        return File.Exists(config) && File.Exists(module) && ReadOwn(config) is not null ? module : null;
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or what it gives is neither logits nor features.</exception>
    /// <exception cref="NotSupportedException">It needs operators or inputs that Graft does not have.</exception>
    /// <exception cref="ArgumentException">It has no such layer as the options name.</exception>
    public static ImageModel Open(string path, ModelOptions options)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, config = Path.Combine(folder, "config.json");
        Own? own = Path.GetFileName(path) == FileName && File.Exists(config) ? ReadOwn(config) : null;
        List<string> notes = [];
        Preprocess preprocess = FindPreprocess(path, folder, options, notes);
        if (options.InputChannels is { } channels && channels != (preprocess.Grey ? 1 : 3))
            throw new NotSupportedException(
                $"{path}: the first layer of a TorchScript model cannot be adapted to {channels} channels.");
        ScriptModule script = Guarded(path, () => ScriptModule.Open(path));
        try
        {
            script.SetMode(training: false);
            using Tensor trial = Run(path, script, preprocess);
            long[] shape = trial.Shape;
            bool isNew = options.NewLabels is not null;
            string layer = isNew ? options.HeadLayer ?? own?.HeadLayer ?? "" : "";
            int outputs = layer.Length > 0 ? CheckLayer(path, script, preprocess, layer) : (int)shape[1];
            bool areLogits = !isNew && shape.Length == 2;
            var its = new ScriptConfig
            {
                Script = script,
                Outputs = outputs,
                HeadLayer = layer,
                OutputsAreLogits = areLogits,
                Classes = options.NewLabels?.Count ?? (areLogits ? outputs : 0),
                Dropout = options.Dropout ?? 0,
                Head = options.Head,
                Pool = options.Pool,
            };
            if (isNew && layer.Length == 0)
                notes.Add(
                    $"{path}: its {outputs} outputs are the new head's features; --head-layer NAME puts it in a layer's place");
            if (script.Tensors.Count == 0) notes.Add($"{path}: its weights are part of its program: only a head can be trained");
            var model = new ImageModel(ScriptFamily.Instance, its, Origin.TorchScript, NameOf(path, own), preprocess)
            {
                WeightsPath = path,
                Notes = notes,
            };
            model.SetLabels(
                options.NewLabels ?? Labels(path, folder, own, its.Classes, notes) ?? ImageModel.DefaultLabels(its.Classes));
            if (isNew) model.StartHead(options.Seed);
            else if (own is not null)
            {
                own.Task.Check(its.Classes, config);
                model.Task = own.Task;
            }
            if (!options.Device.IsCpu) model.Parameters.MoveTo(options.Device);
            return model;
        }
        catch
        {
            script.Dispose();
            throw;
        }
    }

    static string NameOf(string path, Own? own) => own?.Name ?? Path.GetFileNameWithoutExtension(path);

    static Preprocess FindPreprocess(string path, string folder, ModelOptions options, List<string> notes)
    {
        if (options.PreprocessPath is { } given) return ModelFolder.ReadPreprocess(given);
        string beside = Path.Combine(folder, "preprocessor_config.json");
        if (File.Exists(beside)) return ModelFolder.ReadPreprocess(beside);
        notes.Add(
            $"{path}: images are prepared as for torchvision's ImageNet networks, 224x224; --preprocess FILE says otherwise");
        return Preprocess.TorchVision();
    }

    /// <summary>Its output for an empty image.</summary>
    static Tensor Run(string path, ScriptModule script, Preprocess preprocess)
    {
        using GradMode mode = Autograd.NoGrad();
        using Tensor image = Tensor.Zeros([1, preprocess.Grey ? 1 : 3, preprocess.Height, preprocess.Width]);
        Tensor output = Guarded(path, () => script.Forward(image));
        long[] shape = output.Shape;
        if (shape is [1, > 0 and <= MaxOutputs] or [1, > 0 and <= MaxOutputs, > 0, > 0] && output.DType == DType.Float32)
            return output;
        string found = output.Describe();
        output.Dispose();
        throw new NotSupportedException(
            $"{path}: expected logits or features [N, D], or a map [N, C, H, W], of float32 for images " +
            $"[N, {image.Size(1)}, {image.Size(2)}, {image.Size(3)}], it gives {found} for one.");
    }

    /// <summary>Whether the outputs are those of that linear layer; gives its number of inputs.</summary>
    static int CheckLayer(string path, ScriptModule script, Preprocess preprocess, string layer)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        ScriptTensor[] weights = [.. script.Tensors.Where(tensor => tensor.Name == layer + ".weight")];
        if (weights is not [var found] || script.Get(found) is not { Rank: 2 } weight)
        {
            string[] linear = [.. script.Tensors.Where(tensor => tensor.Name.EndsWith(".weight") && script.Get(tensor).Rank == 2)
                .Select(tensor => tensor.Name[..^".weight".Length]).TakeLast(3)];
            throw new ArgumentException($"{path}: has no linear layer '{layer}'; " +
                (linear.Length > 0 ? $"the last of those that it has: {string.Join(", ", linear)}" : "it has none at all"));
        }
        Tensor? bias = null;
        foreach (ScriptTensor tensor in script.Tensors)
            if (tensor.Name == layer + ".bias") bias = script.Get(tensor);
        int inputs = (int)weight.Size(1);
        Tensor image = Tensor.Randn([1, preprocess.Grey ? 1 : 3, preprocess.Height, preprocess.Width]);
        Tensor output = script.Forward(image);
        var probe = new ScriptConfig { Script = script, Outputs = inputs, HeadLayer = layer };
        using var store = new Nn.ParameterStore();
        using var backbone = new ScriptBackbone(Nn.ModulePath.Root(store), probe) { OwnsScript = false };
        try
        {
            Tensor features = Guarded(path, () => backbone.Map(image)); // [1, D], if the layer is the last
            if (features.Rank == 2 && features.Size(1) == inputs)
            {
                Tensor again = features.Linear(weight, bias);
                if (again.Shape.AsSpan().SequenceEqual(output.Shape))
                {
                    float[] expected = output.ToArray<float>(), values = again.ToArray<float>();
                    float largest = expected.Max(Math.Abs);
                    if (expected.Zip(values, (a, b) => Math.Abs(a - b)).Max() <= 1e-3 * Math.Max(largest, 1e-3)) return inputs;
                }
            }
        }
        finally
        {
            script.Set(found, weight);
            foreach (ScriptTensor tensor in script.Tensors)
                if (tensor.Name == layer + ".bias") script.Set(tensor, bias!);
        }
        throw new ArgumentException(
            $"{path}: its output is not that of the layer '{layer}': something comes after it. Leave --head-layer out.");
    }

    /// <summary>One label a line, in a file beside the module: as many as it has outputs.</summary>
    static IReadOnlyList<string>? Labels(string path, string folder, Own? own, int outputs, List<string> notes)
    {
        if (own is not null) return own.Labels;
        string stem = Path.GetFileNameWithoutExtension(path);
        foreach (string name in (ReadOnlySpan<string>)[$"{stem}.labels.txt", $"{stem}.txt", "labels.txt", "classes.txt"])
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file)) continue;
            const StringSplitOptions Trim = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
            string[] lines = ModelFolder.ReadText(file).Split('\n', Trim);
            if (lines.Length == outputs) return lines;
            notes.Add($"{file}: has {lines.Length} lines, the model {outputs} outputs: not taken for its labels");
        }
        return null;
    }

    static Own? ReadOwn(string config)
    {
        using JsonDocument document = ModelFolder.Parse(config);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
        var reader = new ConfigReader(document.RootElement, config);
        if (!reader.Has("graft") || reader.Section("graft") is not { } own) return null;
        if (!own.Has("family") || own.Text("family", "") != ScriptFamily.Instance.Name) return null;
        return new Own(
            own.Text("name", "model"), own.Text("head_layer", ""), ModelFolder.HuggingFaceLabels(reader) ?? [],
            ModelTask.Read(reader));
    }

    /// <summary>libtorch's errors as one line that says whose they are.</summary>
    static T Guarded<T>(string path, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (TorchException error)
        {
            string what = error.Message;
            const string Unknown = "Unknown builtin op: ";
            int at = what.IndexOf(Unknown, StringComparison.Ordinal);
            if (at >= 0)
            {
                string op = what[(at + Unknown.Length)..].Split(' ')[0].TrimEnd('.');
                throw new NotSupportedException($"{path}: needs the operator {op}, which is not one of libtorch's own.");
            }
            throw new InvalidDataException($"{path}: cannot be run as TorchScript on images: {Reason(what, path)}");
        }
    }

    /// <summary>What went wrong, without the traceback through the program and the declaration of what was called.</summary>
    static string Reason(string message, string path)
    {
        const string Last = "RuntimeError: ";
        int at = message.LastIndexOf(Last, StringComparison.Ordinal);
        if (at >= 0) message = message[(at + Last.Length)..];
        foreach (string prefix in (ReadOnlySpan<string>)[path + ": ", "forward: "])
            if (message.StartsWith(prefix, StringComparison.Ordinal)) message = message[prefix.Length..];
        foreach (string end in (ReadOnlySpan<string>)[" Declaration:", ":   File \"", "   File \""])
            if (message.IndexOf(end, StringComparison.Ordinal) is > 0 and var cut) message = message[..cut];
        return message.Length <= 300 ? message : message[..300] + "...";
    }

    sealed record Own(string Name, string HeadLayer, IReadOnlyList<string> Labels, ModelTask Task);
}
