using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>What a Hugging Face image processor assumes where its file is silent.</summary>
    /// <param name="Square">An integer size is a square; otherwise it is the shortest edge.</param>
    /// <param name="Size">Default size.</param>
    /// <param name="Resample">Default filter.</param>
    /// <param name="Crop">Default crop size; 0 where it does not crop by default.</param>
    /// <param name="Mean">Default mean.</param>
    /// <param name="Std">Default standard deviation.</param>
    sealed record Processor(
        bool Square, int Size, Interpolation Resample, int Crop, IReadOnlyList<float> Mean, IReadOnlyList<float> Std);

    static readonly IReadOnlyList<float> half = [0.5f, 0.5f, 0.5f];
    static readonly IReadOnlyList<float> zeros = [0, 0, 0];
    static readonly IReadOnlyList<float> ones = [1, 1, 1];
    static readonly IReadOnlyList<float> clipMean = [0.48145466f, 0.4578275f, 0.40821073f];
    static readonly IReadOnlyList<float> clipStd = [0.26862954f, 0.26130258f, 0.27577711f];

    static readonly Dictionary<string, Processor> processors = new()
    {
        ["ViT"] = new(true, 224, Interpolation.Bilinear, 0, half, half),
        ["DeiT"] = new(true, 256, Interpolation.Bicubic, 224, half, half),
        ["Beit"] = new(true, 256, Interpolation.Bicubic, 224, half, half),
        ["Segformer"] = new(true, 512, Interpolation.Bilinear, 0, ImageNetMean, ImageNetStd),
        ["Pvt"] = new(true, 224, Interpolation.Bilinear, 0, ImageNetMean, ImageNetStd),
        ["Siglip"] = new(true, 224, Interpolation.Bicubic, 0, half, half),
        ["EfficientNet"] = new(true, 346, Interpolation.Nearest, 0, half, half),
        ["ConvNext"] = new(false, 384, Interpolation.Bilinear, 0, half, half),
        ["MobileNetV1"] = new(false, 256, Interpolation.Bilinear, 224, half, half),
        ["MobileNetV2"] = new(false, 256, Interpolation.Bilinear, 224, half, half),
        ["MobileViT"] = new(false, 224, Interpolation.Bilinear, 256, zeros, ones),
        ["Bit"] = new(false, 224, Interpolation.Bicubic, 224, clipMean, clipStd),
        ["CLIP"] = new(false, 224, Interpolation.Bicubic, 224, clipMean, clipStd),
        ["ViTHybrid"] = new(false, 224, Interpolation.Bicubic, 224, clipMean, clipStd),
        ["Levit"] = new(false, 224, Interpolation.Bicubic, 224, ImageNetMean, ImageNetStd),
        ["PoolFormer"] = new(false, 224, Interpolation.Bicubic, 224, ImageNetMean, ImageNetStd),
    };

    /// <summary>The processor that transformers uses for a model type when the file names none.</summary>
    static readonly Dictionary<string, string> processorOfModel = new()
    {
        ["vit"] = "ViT",
        ["vit_mae"] = "ViT",
        ["vit_msn"] = "ViT",
        ["swin"] = "ViT",
        ["swinv2"] = "ViT",
        ["dinat"] = "ViT",
        ["nat"] = "ViT",
        ["swiftformer"] = "ViT",
        ["deit"] = "DeiT",
        ["beit"] = "Beit",
        ["data2vec-vision"] = "Beit",
        ["segformer"] = "Segformer",
        ["upernet"] = "Segformer",
        ["pvt"] = "Pvt",
        ["siglip"] = "Siglip",
        ["efficientnet"] = "EfficientNet",
        ["convnext"] = "ConvNext",
        ["convnextv2"] = "ConvNext",
        ["resnet"] = "ConvNext",
        ["regnet"] = "ConvNext",
        ["cvt"] = "ConvNext",
        ["van"] = "ConvNext",
        ["mobilenet_v1"] = "MobileNetV1",
        ["mobilenet_v2"] = "MobileNetV2",
        ["mobilevit"] = "MobileViT",
        ["mobilevitv2"] = "MobileViT",
        ["bit"] = "Bit",
        ["dinov2"] = "Bit",
        ["dinov2_with_registers"] = "Bit",
        ["focalnet"] = "Bit",
        ["clip"] = "CLIP",
        ["clip_vision_model"] = "CLIP",
        ["vit_hybrid"] = "ViTHybrid",
        ["levit"] = "Levit",
        ["poolformer"] = "PoolFormer",
    };

    /// <summary>
    /// Reads a <c>preprocessor_config.json</c> as transformers' image processors understand it, old forms included: an integer
    /// size,
    /// a feature extractor's name or none at all. A file written by <see cref="ToHuggingFaceJson"/> gives the same record back.
    /// </summary>
    /// <param name="json">The file's text.</param>
    /// <param name="modelType">The <c>model_type</c> of <c>config.json</c>, which decides when the file names no
    /// processor.</param>
    /// <exception cref="InvalidDataException">The text is not JSON, or a value makes no sense.</exception>
    /// <exception cref="NotSupportedException">An image processor that is not known.</exception>
    public static Preprocess FromHuggingFace(string json, string? modelType = null)
    {
        using JsonDocument document = Parse(json);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("preprocessor_config.json: expected an object, found " + Kind(root));
        if (root.TryGetProperty("graft", out JsonElement own) && own.ValueKind == JsonValueKind.Object) return FromGraft(own);
        string type = ProcessorName(root, modelType);
        if (!processors.TryGetValue(type, out Processor? processor))
            throw new NotSupportedException(
                $"preprocessor_config.json: {type}ImageProcessor is not known; known are "
                + string.Join(", ", processors.Keys.Order()));

        bool resizes = Flag(root, "do_resize", true);
        bool crops = type is not ("ConvNext" or "ViT" or "Segformer" or "Pvt" or "Siglip")
            && Flag(root, "do_center_crop", processor.Crop > 0);
        (int height, int width, bool edge) = Size(root, "size", processor.Square, processor.Size);
        Preprocess result = new()
        {
            Height = height,
            Width = width,
            ResizeMode = !resizes ? ResizeMode.None : edge ? ResizeMode.ShortestEdge : ResizeMode.Exact,
            ResizeHeight = height,
            ResizeWidth = width,
            CenterCrop = crops,
            CropRounding = CropRounding.Floor,
            Interpolation = Filter(root, processor.Resample),
            Arithmetic = PixelArithmetic.Multiply,
            RescaleFactor = Flag(root, "do_rescale", true) ? Number(root, "rescale_factor", 1 / 255.0) : 1,
            Mean = zeros,
            Std = ones,
        };
        if (crops)
        {
            (int cropHeight, int cropWidth, _) = Size(root, "crop_size", true, processor.Crop > 0 ? processor.Crop : 289);
            result = result with { Height = cropHeight, Width = cropWidth };
        }
        if (Flag(root, "do_normalize", type != "MobileViT"))
            result = result with
            {
                Mean = ChannelValues(
                root, "image_mean", processor.Mean),
                Std = ChannelValues(root, "image_std", processor.Std)
            };
        return type switch
        {
            "ConvNext" when resizes => ConvNextResize(result, root, height),
            "Levit" when resizes && edge => result with { ResizeHeight = (int)(256 / 224.0 * height), ResizeWidth = 0 },
            "PoolFormer" when resizes => PoolFormerResize(result, root, height, width),
            "EfficientNet" => result with
            {
                SecondDivision = Flag(root, "include_top", true),
                RescaleOffset = Flag(root, "rescale_offset", false) ? 1 : 0,
            },
            "MobileViT" => result with { SwapRedBlue = Flag(root, "do_flip_channel_order", true) },
            _ => result,
        };
    }

    static Preprocess ConvNextResize(Preprocess result, JsonElement root, int size)
    {
        if (size >= 384) return result with { ResizeMode = ResizeMode.Exact, ResizeWidth = size, Width = size };
        double fraction = Number(root, "crop_pct", 224 / 256.0);
        int edge = Divided(size, fraction);
        return result with { ResizeMode = ResizeMode.ShortestEdge, ResizeHeight = edge, ResizeWidth = 0, CenterCrop = true };
    }

    static Preprocess PoolFormerResize(Preprocess result, JsonElement root, int height, int width)
    {
        double fraction = Number(root, "crop_pct", 0.9);
        result = result with { ResizeHeight = Divided(height, fraction), ResizeWidth = Divided(width, fraction) };
        return result with { ResizeMode = height != width ? ResizeMode.Exact : ResizeMode.ShortestEdge };
    }

    static int Divided(int size, double fraction) =>
        fraction > 0 && size / fraction <= 100_000
            ? (int)(size / fraction)
            : throw new InvalidDataException(
                "preprocessor_config.json: crop_pct: expected a fraction in (0, 1], found "
                + fraction.ToString(CultureInfo.InvariantCulture));

    static string ProcessorName(JsonElement root, string? modelType)
    {
        foreach (string key in (ReadOnlySpan<string>)["image_processor_type", "feature_extractor_type"])
        {
            if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind != JsonValueKind.String) continue;
            string name = value.GetString()!;
            foreach (string suffix in (ReadOnlySpan<string>)["Fast", "Pil", "ImageProcessor", "FeatureExtractor"])
                if (name.EndsWith(suffix, StringComparison.Ordinal)) name = name[..^suffix.Length];
            return name;
        }
        if (modelType is not null && processorOfModel.TryGetValue(modelType, out string? known)) return known;
        if (modelType is not null)
            throw new NotSupportedException(
                $"preprocessor_config.json names no image processor, and the one of model type {modelType} is not known");
        return root.TryGetProperty("crop_pct", out _) ? "ConvNext" : "ViT";
    }

    static (int Height, int Width, bool Edge) Size(JsonElement root, string key, bool square, int standard)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return (standard, standard, !square);
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                int side = Side(value, key);
                return (side, side, !square);
            case JsonValueKind.Array when value.GetArrayLength() == 2:
                return (Side(value[0], key), Side(value[1], key), false);
            case JsonValueKind.Object when value.TryGetProperty("shortest_edge", out JsonElement edge):
                if (value.TryGetProperty("longest_edge", out JsonElement longest) && longest.ValueKind == JsonValueKind.Number)
                    throw new NotSupportedException($"preprocessor_config.json: {key} with a longest_edge is not read");
                return (Side(edge, key), Side(edge, key), true);
            case JsonValueKind.Object when value.TryGetProperty("height", out JsonElement height)
                                       && value.TryGetProperty("width", out JsonElement width):
                return (Side(height, key), Side(width, key), false);
            default:
                throw new InvalidDataException(
                    $"preprocessor_config.json: {key}: expected a number, or height and width, or shortest_edge, "
                    + $"found {value.GetRawText()}");
        }
    }

    static int Side(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int side) && side is > 0 and <= 16384
            ? side
            : throw new InvalidDataException(
                $"preprocessor_config.json: {key}: expected pixels from 1 to 16384, found {value.GetRawText()}");

    static Interpolation Filter(JsonElement root, Interpolation standard)
    {
        if (!root.TryGetProperty("resample", out JsonElement value) || value.ValueKind == JsonValueKind.Null) return standard;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && Enum.IsDefined((Interpolation)number))
            return (Interpolation)number;
        throw new InvalidDataException(
            $"preprocessor_config.json: resample: expected a filter's number from 0 to 5, found {value.GetRawText()}");
    }

    static bool Flag(JsonElement root, string key, bool standard) =>
        !root.TryGetProperty(key, out JsonElement value) ? standard : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => standard,
            _ => throw new InvalidDataException(
                $"preprocessor_config.json: {key}: expected true or false, found {value.GetRawText()}"),
        };

    static double Number(JsonElement root, string key, double standard)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return standard;
        return value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new InvalidDataException($"preprocessor_config.json: {key}: expected a number, found {value.GetRawText()}");
    }

    static IReadOnlyList<float> ChannelValues(JsonElement root, string key, IReadOnlyList<float> standard)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return standard;
        if (value.ValueKind == JsonValueKind.Number)
            return [(float)value.GetDouble(), (float)value.GetDouble(), (float)value.GetDouble()];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number))
        {
            float[] numbers = [.. value.EnumerateArray().Select(item => (float)item.GetDouble())];
            if (numbers.Length == 1) return [numbers[0], numbers[0], numbers[0]];
            if (numbers.Length == 3) return numbers;
        }
        throw new InvalidDataException($"{key}: expected 3 numbers, found {value.GetRawText()}");
    }

    static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"preprocessor_config.json: not valid JSON: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();

    /// <summary>
    /// Writes a <c>preprocessor_config.json</c> with which transformers' AutoImageProcessor gives the same pixels, and, in a
    /// <c>graft</c>
    /// object that transformers ignores, the record itself. What no image processor can express is told apart only by that
    /// object:
    /// a border or non-square covering resize (written as a squash), a crop of half-to-even rounding (transformers rounds down,
    /// one pixel off when an odd
    /// number is cut), division by 255 instead of multiplication (the last bit).
    /// </summary>
    /// <param name="segments">
    /// whether the network gives a class for every pixel: then the processor is one that knows what becomes of masks, where one
    /// of those has the same pixels
    /// </param>
    public string ToHuggingFaceJson(bool segments = false)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            (int targetHeight, int targetWidth) = ResizeTarget;
            bool edge = ResizeMode == ResizeMode.ShortestEdge && targetHeight == targetWidth;
            bool efficientNet = SecondDivision || RescaleOffset != 0;
            bool plain = !CenterCrop || (
                !edge && ResizeMode != ResizeMode.None && targetHeight == Height && targetWidth == Width);
            string type = SwapRedBlue ? "MobileViT"
                : efficientNet ? "EfficientNet"
                : edge || ResizeMode == ResizeMode.None && CenterCrop ? "Bit"
                : plain ? segments ? "Segformer" : "ViT"
                : "DeiT";
            writer.WriteStartObject();
            writer.WriteString("image_processor_type", type + "ImageProcessor");
            writer.WriteBoolean("do_resize", ResizeMode != ResizeMode.None);
            writer.WritePropertyName("size");
            if (edge && type is "Bit" or "MobileViT") WriteObject(writer, ("shortest_edge", targetHeight));
            else WriteObject(writer, ("height", targetHeight), ("width", targetWidth));
            writer.WriteNumber("resample", (int)Interpolation);
            if (type is not ("ViT" or "Segformer"))
            {
                writer.WriteBoolean("do_center_crop", CenterCrop);
                writer.WritePropertyName("crop_size");
                WriteObject(writer, ("height", Height), ("width", Width));
            }
            double factor = Arithmetic == PixelArithmetic.Divide ? 1 / 255.0 : RescaleFactor;
            writer.WriteBoolean("do_rescale", factor != 1);
            writer.WriteNumber("rescale_factor", factor);
            if (type == "EfficientNet")
            {
                writer.WriteBoolean("rescale_offset", RescaleOffset != 0);
                writer.WriteBoolean("include_top", SecondDivision);
            }
            if (type == "MobileViT") writer.WriteBoolean("do_flip_channel_order", true);
            writer.WriteBoolean("do_normalize", !(Mean.SequenceEqual(zeros) && Std.SequenceEqual(ones)));
            WriteChannels(writer, "image_mean", Mean);
            WriteChannels(writer, "image_std", Std);
            WriteGraft(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    void WriteGraft(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("graft");
        writer.WriteNumber("version", 1);
        writer.WriteNumber("height", Height);
        writer.WriteNumber("width", Width);
        writer.WriteString("resize_mode", ResizeMode.ToString());
        writer.WriteNumber("resize_height", ResizeHeight);
        writer.WriteNumber("resize_width", ResizeWidth);
        writer.WriteBoolean("center_crop", CenterCrop);
        writer.WriteString("crop_rounding", CropRounding.ToString());
        writer.WriteString("interpolation", Interpolation.ToString());
        writer.WriteStartArray("fill");
        writer.WriteNumberValue(Fill.Red);
        writer.WriteNumberValue(Fill.Green);
        writer.WriteNumberValue(Fill.Blue);
        writer.WriteEndArray();
        writer.WriteString("arithmetic", Arithmetic.ToString());
        writer.WriteNumber("rescale_factor", RescaleFactor);
        writer.WriteNumber("rescale_offset", RescaleOffset);
        WriteChannels(writer, "mean", Mean);
        WriteChannels(writer, "std", Std);
        writer.WriteBoolean("second_division", SecondDivision);
        writer.WriteBoolean("swap_red_blue", SwapRedBlue);
        if (Grey) writer.WriteBoolean("grey", true);
        if (FreeSize) writer.WriteBoolean("free_size", true);
        writer.WriteEndObject();
    }

    static Preprocess FromGraft(JsonElement own)
    {
        try
        {
            int Int(string key) => own.GetProperty(key).GetInt32();
            T Name<T>(string key) where T : struct, Enum =>
                Enum.TryParse(own.GetProperty(key).GetString(), out T value) && Enum.IsDefined(value)
                    ? value
                    : throw new FormatException($"{key}: {own.GetProperty(key).GetRawText()} is not known");
            JsonElement fill = own.GetProperty("fill");
            return new()
            {
                Height = Side(own.GetProperty("height"), "graft.height"),
                Width = Side(own.GetProperty("width"), "graft.width"),
                ResizeMode = Name<ResizeMode>("resize_mode"),
                ResizeHeight = Int("resize_height"),
                ResizeWidth = Int("resize_width"),
                CenterCrop = own.GetProperty("center_crop").GetBoolean(),
                CropRounding = Name<CropRounding>("crop_rounding"),
                Interpolation = Name<Interpolation>("interpolation"),
                Fill = (fill[0].GetByte(), fill[1].GetByte(), fill[2].GetByte()),
                Arithmetic = Name<PixelArithmetic>("arithmetic"),
                RescaleFactor = own.GetProperty("rescale_factor").GetDouble(),
                RescaleOffset = own.GetProperty("rescale_offset").GetSingle(),
                Mean = ChannelValues(own, "mean", ImageNetMean),
                Std = ChannelValues(own, "std", ImageNetStd),
                SecondDivision = own.GetProperty("second_division").GetBoolean(),
                SwapRedBlue = own.GetProperty("swap_red_blue").GetBoolean(),
                Grey = own.TryGetProperty("grey", out JsonElement grey) && grey.GetBoolean(),
                FreeSize = own.TryGetProperty("free_size", out JsonElement free) && free.GetBoolean(),
            };
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"preprocessor_config.json: graft: damaged: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    static void WriteObject(Utf8JsonWriter writer, params ReadOnlySpan<(string Key, int Value)> entries)
    {
        writer.WriteStartObject();
        foreach ((string key, int value) in entries) writer.WriteNumber(key, value);
        writer.WriteEndObject();
    }

    static void WriteChannels(Utf8JsonWriter writer, string key, IReadOnlyList<float> values)
    {
        writer.WriteStartArray(key);
        foreach (float value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
