using System.Text.Json;
using Graft.Imaging;

namespace Graft.Models;

public sealed partial record PublishedWeights
{
    static readonly Lazy<IReadOnlyList<PublishedWeights>> all =
        new(() => [.. ReadTorchVision(), .. ReadTimm(), .. ReadHuggingFace()]);
    static readonly Lazy<IReadOnlyList<string>> labels = new(ReadLabels);

    /// <summary>Every set of published weights that Graft knows of, by origin and name.</summary>
    public static IReadOnlyList<PublishedWeights> All => all.Value;

    /// <summary>The names of ImageNet-1k's thousand classes, in the order of the logits.</summary>
    public static IReadOnlyList<string> ImageNetLabels => labels.Value;

    /// <summary>The names of Pascal VOC's 20 classes after the background, in the order of the logits.</summary>
    public static IReadOnlyList<string> VocLabels { get; } =
    [
        "__background__", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
        "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The weights published for an architecture; none where Graft knows of none.</summary>
    public static IReadOnlyList<PublishedWeights> Of(ModelVariant variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return [.. All.Where(one => one.Origin == variant.Origin && one.Model == variant.Name)];
    }

    /// <summary>
    /// The weights of a name: <c>torchvision:resnet50:IMAGENET1K_V2</c>, <c>resnet50:DEFAULT</c>, <c>torchvision:resnet50</c>
    /// (those that torchvision takes by itself), <c>ResNet50_Weights.IMAGENET1K_V2</c>; <c>timm/resnet18.a1_in1k</c> or
    /// <c>timm:resnet18.a1_in1k</c>; <c>facebook/convnext-tiny-224</c> or <c>hf:convnext-tiny-224</c>. Null where there are none,
    /// or several for a mere architecture of timm's.
    /// </summary>
    public static PublishedWeights? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (PublishedWeights one in All)
            if (one.FullName == name) return one;
        (string? origin, string model, string tag) = Split(name, out bool isEnum);
        if (origin is not null && !Origins.TryParse(origin, out _)) return null;
        if (origin is not null && Origins.TryParse(origin, out Origin parsed) && parsed != Origin.TorchVision)
        {
            PublishedWeights[] found =
                [.. All.Where(one => one.Origin == parsed && (one.Model == model || $"{one.Model}.{one.Tag}" == model))];
            return found.Length == 1 ? found[0] : null;
        }
        foreach (PublishedWeights one in All)
        {
            bool same = isEnum ? EnumName(one.Model) == EnumName(model) : one.Model == model;
            if (one.Origin == Origin.TorchVision && same && (tag == "DEFAULT" ? one.IsDefault : one.Tag == tag)) return one;
        }
        return null;
    }

    /// <summary>The weights whose file, as torchvision's server names it, this is; null where it is none.</summary>
    internal static PublishedWeights? OfFile(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.EndsWith(".pth", StringComparison.Ordinal) || !name.Contains('-')) return null;
        return All.FirstOrDefault(one => one.Origin == Origin.TorchVision && one.Location == name);
    }

    static (string? Origin, string Model, string Tag) Split(string name, out bool isEnum)
    {
        int dot = name.IndexOf("_Weights.", StringComparison.Ordinal);
        isEnum = dot > 0;
        if (isEnum) return (null, name[..dot], name[(dot + "_Weights.".Length)..]);
        string[] parts = name.Split(':');
        return parts.Length switch
        {
            3 => (parts[0], parts[1], parts[2]),
            2 when Origins.TryParse(parts[0], out _) => (parts[0], parts[1], "DEFAULT"),
            2 => (null, parts[0], parts[1]),
            _ => (null, name, "DEFAULT"),
        };
    }

    /// <summary>torchvision's enums have capitals and other underlines: ResNet50, MobileNet_V2, ConvNeXt_Tiny.</summary>
    static string EnumName(string model) => model.Replace("_", "").ToLowerInvariant();

    static IEnumerable<PublishedWeights> ReadTorchVision()
    {
        using JsonDocument document = JsonDocument.Parse(Resource("torchvision.json"));
        JsonElement root = document.RootElement;
        string source = root.GetProperty("source").GetString()!, licence = root.GetProperty("licence").GetString()!;
        List<PublishedWeights> found = [];
        foreach (JsonElement item in root.GetProperty("weights").EnumerateArray())
        {
            string Text(string key) => item.GetProperty(key).GetString()!;
            int Int(string key) => item.GetProperty(key).GetInt32();
            double? Real(string key) => item.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : null;
            bool segments = item.TryGetProperty("miou", out _);
            Preprocess preprocess = segments ? Preprocess.TorchVisionSegmentation(Int("resize")) : Preprocess.TorchVision(
                Int("crop"), Int("resize"), Enum.Parse<Interpolation>(Text("interpolation"), ignoreCase: true));
            if (item.TryGetProperty("mean", out JsonElement mean))
                preprocess = preprocess with { Mean = Numbers(mean), Std = Numbers(item.GetProperty("std")) };
            found.Add(new PublishedWeights
            {
                Origin = Origin.TorchVision,
                Model = Text("model"),
                Tag = Text("tag"),
                Location = Text("file"),
                Parameters = item.GetProperty("parameters").GetInt64(),
                MultiplyAdds = (long)Math.Round(item.GetProperty("gigaops").GetDecimal() * 1_000_000_000m),
                Top1 = Real("top1"),
                Top5 = Real("top5"),
                MeanIou = Real("miou"),
                PixelAccuracy = Real("pixel_accuracy"),
                Labels = segments ? VocLabels : ImageNetLabels,
                AccuracySource = source,
                Recipe = Text("recipe"),
                Licence = item.TryGetProperty("licence", out JsonElement own) ? own.GetString()! : licence,
                InputSize = Int(segments ? "resize" : "crop"),
                LeastSize = Int("least"),
                Preprocess = preprocess,
                IsDefault = item.TryGetProperty("default", out _),
            });
        }
        return found;
    }

    static IEnumerable<PublishedWeights> ReadTimm()
    {
        using JsonDocument document = JsonDocument.Parse(Resource("timm.json"));
        JsonElement root = document.RootElement;
        string source = root.GetProperty("source").GetString()!, licence = root.GetProperty("licence").GetString()!;
        List<PublishedWeights> found = [];
        // [name, top 1, top 5, millions of parameters, input size, licence where it is not the usual one]
        foreach (JsonElement item in root.GetProperty("weights").EnumerateArray())
        {
            string name = item[0].GetString()!;
            int dot = name.IndexOf('.');
            found.Add(new PublishedWeights
            {
                Origin = Origin.Timm,
                Model = name[..dot],
                Tag = name[(dot + 1)..],
                Location = "timm/" + name,
                Parameters = (long)(item[3].GetDecimal() * 1_000_000m),
                Top1 = item[1].GetDouble(),
                Top5 = item[2].GetDouble(),
                AccuracySource = source,
                Licence = item.GetArrayLength() > 5 ? item[5].GetString()! : licence,
                InputSize = item[4].GetInt32(),
            });
        }
        return found;
    }

    static IEnumerable<PublishedWeights> ReadHuggingFace()
    {
        using JsonDocument document = JsonDocument.Parse(Resource("huggingface.json"));
        string licence = document.RootElement.GetProperty("licence").GetString()!;
        List<PublishedWeights> found = [];
        // [repository, top 1, top 5, billions of multiply-adds, input size, source, licence where it is not the usual one,
        // mean IoU of segmentation]
        foreach (JsonElement item in document.RootElement.GetProperty("weights").EnumerateArray())
        {
            double? Number(int column) => item[column].ValueKind == JsonValueKind.Null ? null : item[column].GetDouble();
            string repository = item[0].GetString()!;
            found.Add(new PublishedWeights
            {
                Origin = Origin.HuggingFace,
                Model = repository[(repository.IndexOf('/') + 1)..],
                Tag = "",
                Location = repository,
                MultiplyAdds = (long?)(Number(3) * 1e9),
                Top1 = Number(1),
                Top5 = Number(2),
                AccuracySource = item[5].GetString(),
                MeanIou = item.GetArrayLength() > 7 ? item[7].GetDouble() : null,
                Licence = item.GetArrayLength() > 6 ? item[6].GetString()! : licence,
                InputSize = item[4].GetInt32(),
            });
        }
        return found;
    }

    static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetSingle())];

    static IReadOnlyList<string> ReadLabels()
    {
        using var reader = new StreamReader(Resource("imagenet-1k.txt"));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    static Stream Resource(string name) =>
        typeof(PublishedWeights).Assembly.GetManifestResourceStream("Graft.Models.Zoo." + name)
        ?? throw new InvalidOperationException($"the resource {name} was not built in");
}
