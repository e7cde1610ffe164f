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
public static partial class ModelSaver
{
    const string Weights = "model.safetensors";

    /// <summary>The layout in which <see cref="Save"/> saves such a network.</summary>
    public static FolderLayout LayoutOf(ImageModel model) =>
        model.HasOwnHead && Fields(model) is not null ? FolderLayout.HuggingFace
        : model.HasOwnHead && model.Family.ToTimm(model.Config) is not null ? FolderLayout.Timm : FolderLayout.Graft;

    /// <summary>Saves for transformers where it can build such a network, else for timm, else for Graft alone.</summary>
    /// <returns>the layout that the folder has</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FolderLayout Save(ImageModel model, string folder)
    {
        FolderLayout layout = LayoutOf(model);
        if (model.Backbone is ScriptBackbone script)
        {
            SaveScript(model, script, folder);
            return layout;
        }
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
            $"{model.FullName}: transformers' {model.Family.HuggingFaceClassOf(model.Config)} cannot be built so. " +
            "Save it for timm.");
        WriteWeights(model, folder, Origin.HuggingFace);
        WritePreprocess(model, folder);
        WriteConfig(folder, writer =>
        {
            writer.WriteStartArray("architectures");
            writer.WriteStringValue(model.Family.HuggingFaceClassOf(model.Config));
            writer.WriteEndArray();
            writer.WriteString("model_type", model.Family.HuggingFaceTypeOf(model.Config));
            using (JsonDocument document = JsonDocument.Parse(fields))
            {
                if (!document.RootElement.TryGetProperty("num_channels", out _))
                    writer.WriteNumber("num_channels", model.Config.InputChannels);
                foreach (JsonProperty field in document.RootElement.EnumerateObject()) WriteField(writer, field, model);
                if (!document.RootElement.TryGetProperty("image_size", out _)) // else the weights depend on it
                    writer.WriteNumber("image_size", model.Preprocess.Height);
            }
            WriteLabels(writer, model);
            writer.WriteString("torch_dtype", "float32");
            writer.WriteStartObject("graft");
            writer.WriteString("from", model.FullName);
            model.Family.WriteLayout(model.Config, writer);
            model.Task.WriteOwn(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>What transformers 5 wants to be written as a real number even where it is a whole one.</summary>
    static readonly string[] reals =
    [
        "layer_scale_init_value", "layerscale_value", "width_coefficient", "depth_coefficient", "squeeze_expansion_ratio",
        "layer_norm_eps", "batch_norm_eps", "batch_norm_momentum", "initializer_range",
    ];

    static void WriteField(Utf8JsonWriter writer, JsonProperty field, ImageModel model)
    {
        string text = field.Value.GetRawText();
        // a ratio is real for Swin V2 and a whole number for DINOv2
        bool real = reals.Contains(field.Name) ||
            (field.Name == "mlp_ratio" && model.Family.HuggingFaceTypeOf(model.Config) == "swinv2");
        if (!real || field.Value.ValueKind != JsonValueKind.Number || text.AsSpan().IndexOfAny(".eE") >= 0) field.WriteTo(writer);
        else
        {
            writer.WritePropertyName(field.Name);
            writer.WriteRawValue(text + ".0");
        }
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
            writer.WriteString("global_pool", model.Family.TimmPool(model.Config));
            WriteTexts(writer, "label_names", model.Labels);
            model.Task.Write(writer);
            if (model.Task.HasOwn)
            {
                writer.WriteStartObject("graft");
                model.Task.WriteOwn(writer);
                writer.WriteEndObject();
            }
            int channels = model.Config.InputChannels;
            if (arguments is not null || channels != 3)
            {
                writer.WriteStartObject("model_args");
                if (channels != 3) writer.WriteNumber("in_chans", channels);
                arguments?.Invoke(writer);
                writer.WriteEndObject();
            }
            writer.WriteStartObject("pretrained_cfg");
            WritePretrained(writer, model);
            writer.WriteEndObject();
        });
    }

    /// <summary>
    /// How images are prepared for a model that is yet to learn its classes: as its origin does, but cropped and rescaled as
    /// transformers does where it will open the model, which no file can tell it to do otherwise; at its own size for a decoder
    /// on a classifier.
    /// </summary>
    internal static Preprocess PreprocessToLearn(ImageModel model) =>
        model.HasNewDecoder ? model.Preprocess.AtOwnSize()
        : LayoutOf(model) != FolderLayout.HuggingFace ? model.Preprocess
        : model.Preprocess with { CropRounding = CropRounding.Floor, Arithmetic = PixelArithmetic.Multiply };

    /// <summary>The sizes as transformers has them, as a JSON object; null where it cannot build such a network.</summary>
    internal static byte[]? Fields(ImageModel model)
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
        // the origin's names where they have one for every weight: the file alone then tells what it is
        Origin names = !model.HasOwnHead ? Origin.Graft : model.Origin == Origin.Flax ? Origin.HuggingFace : model.Origin;
        WriteWeights(model, folder, names);
        WritePreprocess(model, folder);
        WriteSettings(model, folder, model.Origin, model.Name, names);
    }

    /// <summary>Every setting of a network, whose files have an origin's names.</summary>
    static void WriteSettings(ImageModel model, string folder, Origin origin, string name, Origin names) =>
        WriteConfig(folder, writer =>
        {
            WriteLabels(writer, model);
            writer.WriteStartObject("graft");
            writer.WriteNumber("version", 1);
            writer.WriteString("family", model.Family.Name);
            writer.WriteString("origin", origin.ShortName());
            writer.WriteString("name", name);
            writer.WriteString("names", names.ShortName());
            writer.WriteStartObject("settings");
            model.Family.Write(model.Config, writer);
            writer.WriteNumber("dropout", model.Config.Dropout);
            writer.WriteString("head_start", model.Config.HeadStart.ToString());
            writer.WriteNumber("input_channels", model.Config.InputChannels);
            writer.WriteString("pool", model.Config.Pool.ToString());
            writer.WriteString("head", model.Config.Head.ToString());
            if (model.Config.Auxiliary) writer.WriteBoolean("auxiliary", true);
            if (model.Config.Decoder is { } decoder) writer.WriteString("decoder", decoder.ToString());
            writer.WriteEndObject();
            model.Task.WriteOwn(writer);
            writer.WriteEndObject();
        });

    /// <summary>The name of the file of weights that <see cref="Save"/> writes.</summary>
    public static string WeightsFile(ImageModel model) =>
        model.Backbone is ScriptBackbone ? ScriptLoader.FileName : Weights;

    /// <summary>A module that any PyTorch runs, and what Graft knows about it.</summary>
    static void SaveScript(ImageModel model, ScriptBackbone script, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, ScriptLoader.FileName), passing = path + ".part";
        string head = script.Save(passing, model.Head);
        File.Move(passing, path, overwrite: true);
        WritePreprocess(model, folder);
        WriteConfig(folder, writer =>
        {
            WriteLabels(writer, model);
            writer.WriteStartObject("graft");
            writer.WriteNumber("version", 1);
            writer.WriteString("family", model.Family.Name);
            writer.WriteString("name", model.Name);
            writer.WriteString("head_layer", head);
            model.Task.WriteOwn(writer);
            writer.WriteEndObject();
        });
    }

    internal static void WriteWeights(ImageModel model, string folder, Origin origin)
    {
        Directory.CreateDirectory(folder);
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        using var arrays = OriginArrays.Of(model, origin);
        SafetensorsWriter.Write(Path.Combine(folder, Weights), arrays.Items, SafetensorsWriter.PyTorchMetadata);
    }

    static void WritePreprocess(ImageModel model, string folder) => AtomicFile.WriteText(
        Path.Combine(folder, "preprocessor_config.json"), model.Preprocess.ToHuggingFaceJson(segments: model.IsSegmentation));

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
        model.Task.Write(writer);
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
        writer.WriteNumbers("input_size", [model.Config.InputChannels, its.Height, its.Width]);
        writer.WriteBoolean("fixed_input_size", model.Family.DependsOnSize);
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
        Parameter first = model.Parameters.All.FirstOrDefault(weight => weight.Shape.Length == 4) ?? model.Parameters.All[0];
        writer.WriteString("first_conv", first.Name[..Math.Max(0, first.Name.LastIndexOf('.'))]);
        if (model.HeadPaths.Count == 1) writer.WriteString("classifier", model.HeadPath);
        else WriteTexts(writer, "classifier", model.HeadPaths);
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
