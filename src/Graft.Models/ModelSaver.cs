using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Writes model folders: <c>config.json</c>, <c>preprocessor_config.json</c> and <c>model.safetensors</c>, in the layout and
/// under the names of the tool that is to open them. Each file is written beside its place and then renamed.
/// </summary>
public static class ModelSaver
{
    const string Weights = "model.safetensors";

    /// <summary>The layout in which <see cref="Save"/> saves such a network.</summary>
    public static FolderLayout LayoutOf(ImageModel model) => Fields(model) is not null ? FolderLayout.HuggingFace
        : model.Family.ToTimm(model.Config) is not null ? FolderLayout.Timm : FolderLayout.Graft;

    /// <summary>Saves for transformers where it can build such a network, else for timm, else for Graft alone.</summary>
    /// <returns>the layout that the folder has</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FolderLayout Save(ImageModel model, string folder)
    {
        FolderLayout layout = LayoutOf(model);
        switch (layout)
        {
            case FolderLayout.HuggingFace: SaveHuggingFace(model, folder); break;
            case FolderLayout.Timm: SaveTimm(model, folder); break;
            default: SaveGraft(model, folder); break;
        }
        return layout;
    }

    /// <summary>
    /// Saves as <c>save_pretrained</c> does, so that <c>AutoModelForImageClassification.from_pretrained</c> opens it and gives
    /// the same logits.
    /// </summary>
    /// <exception cref="NotSupportedException">transformers cannot build such a network.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void SaveHuggingFace(ImageModel model, string folder)
    {
        byte[] fields = Fields(model) ?? throw new NotSupportedException(
            $"{model.FullName}: transformers' {model.Family.HuggingFaceClass} cannot be built so. Save it for timm.");
        WriteWeights(model, folder, Origin.HuggingFace);
        WritePreprocess(model, folder);
        WriteConfig(folder, writer =>
        {
            writer.WriteStartArray("architectures");
            writer.WriteStringValue(model.Family.HuggingFaceClass);
            writer.WriteEndArray();
            writer.WriteString("model_type", model.Family.HuggingFaceType);
            using (JsonDocument document = JsonDocument.Parse(fields))
                foreach (JsonProperty field in document.RootElement.EnumerateObject()) field.WriteTo(writer);
            writer.WriteNumber("image_size", model.Preprocess.Height);
            WriteLabels(writer, model);
            writer.WriteString("torch_dtype", "float32");
            writer.WriteStartObject("graft");
            writer.WriteString("from", model.FullName);
            writer.WriteEndObject();
        });
    }

    /// <summary>Saves as timm's <c>save_for_hf</c> does, so that <c>timm.create_model("local-dir:FOLDER")</c> opens it.</summary>
    /// <exception cref="NotSupportedException">timm cannot build such a network.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void SaveTimm(ImageModel model, string folder)
    {
        if (model.Family.ToTimm(model.Config) is not var (architecture, arguments))
            throw new NotSupportedException($"{model.FullName}: timm cannot build such a network.");
        WriteWeights(model, folder, Origin.Timm);
        WritePreprocess(model, folder);
        WriteConfig(folder, writer =>
        {
            writer.WriteString("architecture", architecture);
            writer.WriteNumber("num_classes", model.Classes);
            writer.WriteNumber("num_features", model.FeatureCount);
            writer.WriteString("global_pool", "avg");
            WriteTexts(writer, "label_names", model.Labels);
            if (arguments is not null)
            {
                writer.WriteStartObject("model_args");
                arguments(writer);
                writer.WriteEndObject();
            }
            writer.WriteStartObject("pretrained_cfg");
            WritePretrained(writer, model);
            writer.WriteEndObject();
        });
    }

    /// <summary>
    /// How images are prepared for a model that is yet to learn its classes: as its origin does, but cropped and rescaled as
    /// transformers does where it will open the model, which no file can tell it to do otherwise.
    /// </summary>
    internal static Preprocess PreprocessToLearn(ImageModel model) => LayoutOf(model) != FolderLayout.HuggingFace
        ? model.Preprocess
        : model.Preprocess with { CropRounding = CropRounding.Floor, Arithmetic = PixelArithmetic.Multiply };

    /// <summary>The sizes as transformers has them, as a JSON object; null where it cannot build such a network.</summary>
    static byte[]? Fields(ImageModel model)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            if (!model.Family.ToHuggingFace(model.Config, writer)) return null;
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    static void SaveGraft(ImageModel model, string folder)
    {
        WriteWeights(model, folder, model.Origin);
        WritePreprocess(model, folder);
        WriteConfig(folder, writer =>
        {
            WriteLabels(writer, model);
            writer.WriteStartObject("graft");
            writer.WriteNumber("version", 1);
            writer.WriteString("family", model.Family.Name);
            writer.WriteString("origin", model.Origin.ShortName());
            writer.WriteString("name", model.Name);
            writer.WriteStartObject("settings");
            model.Family.Write(model.Config, writer);
            writer.WriteNumber("dropout", model.Config.Dropout);
            writer.WriteString("head_start", model.Config.HeadStart.ToString());
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    internal static void WriteWeights(ImageModel model, string folder, Origin origin)
    {
        Directory.CreateDirectory(folder);
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        NameMap names = model.Family.Names(origin, model.Config);
        List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
        List<TensorMemory> memories = [];
        try
        {
            foreach (Parameter parameter in model.Parameters.All)
            {
                string theirs = names.ToTheirs(parameter.Name)
                    ?? throw new InvalidOperationException($"{origin.ShortName()} has no name for {parameter.Name}");
                long[] shape = model.Family.ShapeIn(origin, model.Config, parameter.Name, parameter.Shape);
                var memory = new TensorMemory(parameter.Value);
                memories.Add(memory);
                arrays.Add((new ArrayEntry(theirs, TypeOf(parameter.Value.DType), shape), memory.Memory));
            }
            SafetensorsWriter.Write(Path.Combine(folder, Weights), arrays, SafetensorsWriter.PyTorchMetadata);
        }
        finally
        {
            foreach (IDisposable memory in memories) memory.Dispose();
        }
    }

    static ElementType TypeOf(DType dtype) => dtype switch
    {
        DType.Float32 => ElementType.Float32,
        DType.Float16 => ElementType.Float16,
        DType.BFloat16 => ElementType.BFloat16,
        DType.Float64 => ElementType.Float64,
        DType.Int64 => ElementType.Int64,
        _ => throw new NotSupportedException($"weights of dtype {dtype} cannot be saved"),
    };

    static void WritePreprocess(ImageModel model, string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, "preprocessor_config.json"), model.Preprocess.ToHuggingFaceJson());

    static void WriteConfig(string folder, Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        JavaScriptEncoder encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // labels of any script stay readable
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = encoder };
        using (Utf8JsonWriter writer = new(stream, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }

    static void WriteLabels(Utf8JsonWriter writer, ImageModel model)
    {
        writer.WriteStartObject("id2label");
        for (int i = 0; i < model.Labels.Count; i++) writer.WriteString(i.ToString(), model.Labels[i]);
        writer.WriteEndObject();
        writer.WriteStartObject("label2id");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < model.Labels.Count; i++)
            if (seen.Add(model.Labels[i])) writer.WriteNumber(model.Labels[i], i);
        writer.WriteEndObject();
        writer.WriteNumber("num_labels", model.Classes);
    }

    static void WriteTexts(Utf8JsonWriter writer, string key, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(key);
        foreach (string text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Preprocessing in timm's words, which cannot say everything; the exact record stands in the other file.</summary>
    static void WritePretrained(Utf8JsonWriter writer, ImageModel model)
    {
        Preprocess its = model.Preprocess;
        int resize = its.ResizeHeight > 0 ? its.ResizeHeight : its.Height;
        writer.WriteString("tag", "graft");
        writer.WriteBoolean("custom_load", false);
        writer.WriteNumbers("input_size", [3, its.Height, its.Width]);
        writer.WriteBoolean("fixed_input_size", false);
        writer.WriteString("interpolation", its.Interpolation.ToString().ToLowerInvariant());
        writer.WriteNumber("crop_pct", its.ResizeMode == ResizeMode.None ? 1 : CropFraction(its.Height, resize));
        writer.WriteString("crop_mode", its.ResizeMode switch
        {
            ResizeMode.Exact => "squash",
            ResizeMode.Border => "border",
            _ => "center",
        });
        writer.WriteNumbers("mean", its.Mean);
        writer.WriteNumbers("std", its.Std);
        writer.WriteNumber("num_classes", model.Classes);
        writer.WriteNumbers("pool_size", [Math.Max(1, its.Height / 32), Math.Max(1, its.Width / 32)]);
        Parameter first = model.Parameters.All[0];
        writer.WriteString("first_conv", first.Name[..first.Name.LastIndexOf('.')]);
        writer.WriteString("classifier", model.HeadPath);
    }

    /// <summary>The shortest fraction f with floor(size / f) = resize: what timm computes.</summary>
    static double CropFraction(int size, int resize)
    {
        for (int digits = 1; digits <= 6; digits++)
        {
            double fraction = Math.Round(size / (double)resize, digits);
            if (fraction > 0 && Math.Floor(size / fraction) == resize) return fraction;
        }
        return size / (resize + 0.5);
    }
}
