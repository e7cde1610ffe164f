using System.Text;
using System.Text.Json;

namespace Graft.Nn;

/// <summary>Writes a summary for programs, in torchinfo's words.</summary>
static class SummaryJson
{
    internal static string Write(ModelSummary summary)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("layers");
            foreach (LayerSummary layer in summary.Layers) Write(json, layer);
            json.WriteEndArray();
            json.WriteNumber("total_params", summary.TotalParameters);
            json.WriteNumber("trainable_params", summary.TrainableParameters);
            json.WriteNumber("non_trainable_params", summary.TotalParameters - summary.TrainableParameters);
            json.WriteNumber("total_mult_adds", summary.TotalMultAdds);
            json.WriteNumber("input_bytes", summary.InputBytes);
            json.WriteNumber("forward_backward_bytes", summary.ForwardBackwardBytes);
            json.WriteNumber("params_bytes", summary.ParameterBytes);
            json.WriteNumber("total_bytes", summary.TotalBytes);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

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
