using System.Text;
using System.Text.Json;
using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// The layer tree of a model with shapes, parameters and costs, found by one run of it: as torchinfo has it, by the same rules.
/// A convolution's multiply-adds are its weights and biases for each of its output's pixels; other layers count their weights
/// once a sample. The forward/backward size is twice the output of every innermost layer that has weights.
/// </summary>
public sealed class ModelSummary
{
    ModelSummary(IReadOnlyList<LayerSummary> layers) => Layers = layers;

    /// <summary>The calls, each before those that it made itself; the first is the model's own.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>How many weights there are; buffers do not count.</summary>
    public long TotalParameters { get; private init; }

    /// <summary>How many weights are trained.</summary>
    public long TrainableParameters { get; private init; }

    /// <summary>The multiplications and additions of one run.</summary>
    public long TotalMultAdds { get; private init; }

    /// <summary>Bytes of the input.</summary>
    public long InputBytes { get; private init; }

    /// <summary>Bytes of what the layers give, and of its gradients.</summary>
    public long ForwardBackwardBytes { get; private init; }

    /// <summary>Bytes of the weights.</summary>
    public long ParameterBytes { get; private init; }

    /// <summary>Bytes of all of it.</summary>
    public long TotalBytes => InputBytes + ForwardBackwardBytes + ParameterBytes;

    /// <summary>Runs the model once, in evaluation mode and without recording; its modes are then as before.</summary>
    public static ModelSummary Of(Module model, Tensor input)
    {
        ParameterStore store = model.Path.Store;
        bool[] modes = [.. store.Modules.Select(module => module.IsTraining)];
        var recorder = new SummaryRecorder();
        try
        {
            store.SetMode("", training: false);
            using var scope = new TensorScope();
            using GradMode mode = Autograd.NoGrad();
            using ModuleObservation observation = Module.Observe(recorder);
            model.Forward(input);
        }
        finally
        {
            for (int i = 0; i < modes.Length; i++) store.Modules[i].IsTraining = modes[i];
        }
        recorder.Assign(store, model.Path.Name);
        SummaryNode root = recorder.Nodes[0];
        return new ModelSummary([.. recorder.Nodes.Select(node => node.ToLayer())])
        {
            TotalParameters = root.Parameters,
            TrainableParameters = root.Trainable,
            TotalMultAdds = root.MultAdds,
            InputBytes = input.ElementCount * input.DType.Size(),
            ForwardBackwardBytes = 2 * recorder.Nodes
                .Where(node => node.IsLeaf && node.Parameters > 0).Sum(node => node.OutputBytes),
            ParameterBytes = root.ParameterBytes,
        };
    }

    /// <summary>The table that torchinfo prints.</summary>
    /// <param name="depth">how deep the tree goes, by default as torchinfo's 3; what lies deeper is counted where it ends</param>
    /// <param name="columnWidth">of every column but the first</param>
    public string ToText(int depth = 3, int columnWidth = 20) => new SummaryTable(this, depth, columnWidth).ToString();

    /// <summary>The same as JSON, to any depth, for programs.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("layers");
            foreach (LayerSummary layer in Layers) Write(json, layer);
            json.WriteEndArray();
            json.WriteNumber("total_params", TotalParameters);
            json.WriteNumber("trainable_params", TrainableParameters);
            json.WriteNumber("non_trainable_params", TotalParameters - TrainableParameters);
            json.WriteNumber("total_mult_adds", TotalMultAdds);
            json.WriteNumber("input_bytes", InputBytes);
            json.WriteNumber("forward_backward_bytes", ForwardBackwardBytes);
            json.WriteNumber("params_bytes", ParameterBytes);
            json.WriteNumber("total_bytes", TotalBytes);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The table.</summary>
    public override string ToString() => ToText();

    static void Write(Utf8JsonWriter json, LayerSummary layer)
    {
        json.WriteStartObject();
        json.WriteString("path", layer.Path);
        json.WriteString("type", layer.Kind);
        json.WriteNumber("depth", layer.Depth);
        json.WriteNumber("index", layer.Index);
        Write(json, "input_shape", layer.InputShape);
        Write(json, "output_shape", layer.OutputShape);
        Write(json, "kernel_shape", layer.KernelShape);
        json.WriteNumber("params", layer.Parameters);
        json.WriteNumber("trainable_params", layer.TrainableParameters);
        json.WriteNumber("mult_adds", layer.MultAdds);
        json.WriteBoolean("is_leaf", layer.IsLeaf);
        json.WriteBoolean("is_repeated", layer.IsRepeated);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<long>? sizes)
    {
        if (sizes is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (long size in sizes) json.WriteNumberValue(size);
        json.WriteEndArray();
    }
}
