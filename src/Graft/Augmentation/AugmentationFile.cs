using System.Globalization;
using Graft.Imaging;
using Graft.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Graft;

/// <summary>
/// Augmentation written down in YAML: a list of transforms, each a name or a name with its parameters, alone or under the key
/// <c>transforms</c> beside the other settings.
/// <code>
/// transforms:
///   - random_resized_crop: {scale: [0.35, 1]}
///   - hflip
///   - randaugment: {n: 2, m: 9}
/// mixup: 0.2
/// </code>
/// Keys that are not known are errors that name their line.
/// </summary>
public static class AugmentationFile
{
    /// <summary>What a run's folder calls its own.</summary>
    internal const string UsualName = "augmentation.yaml";

    static readonly string[] keys =
    [
        "preset", "transforms", "resize", "hflip", "vflip", "crop_scale", "erase", "mixup", "cutmix", "mix_prob", "mix_switch",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not YAML, or makes no sense; the message names the line.</exception>
    public static AugmentationSettings Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file.", path);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is not YAML, or makes no sense; the message names the line.</exception>
    public static AugmentationSettings Parse(string text, string name = "augmentation")
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new InvalidDataException($"{name}:{error.Start.Line}: not YAML: {error.Message.TrimEnd('.')}.", error);
        }
        if (stream.Documents.Count == 0) throw new InvalidDataException($"{name}: expected a list of transforms, found nothing.");
        YamlNode root = stream.Documents[0].RootNode;
        AugmentationSettings settings = root switch
        {
            YamlSequenceNode list => new() { Transforms = Steps(list, name) },
            YamlMappingNode map => Settings(map, name),
            _ => throw Wrong(name, root, "expected a list of transforms, or settings"),
        };
        Check(root, name, settings.Validate);
        return settings;
    }

    /// <summary>Transforms as a file of their own, which gives them back.</summary>
    public static string Text(IEnumerable<TransformSettings> steps) =>
        string.Concat(steps.Select(step => $"- {step}\n"));

    static AugmentationSettings Settings(YamlMappingNode map, string name)
    {
        AugmentationSettings its = new();
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string word = Scalar(key, name, "a key");
            its = word switch
            {
                "preset" => its with { Preset = Scalar(value, name, word) },
                "transforms" when value is YamlSequenceNode list => its with { Transforms = Steps(list, name) },
                "transforms" => throw Wrong(name, value, "transforms: expected a list"),
                "resize" => its with { Resize = Method(value, name) },
                "hflip" => its with { HorizontalFlip = Number(value, name, word) },
                "vflip" => its with { VerticalFlip = Number(value, name, word) },
                "erase" => its with { Erase = Number(value, name, word) },
                "mixup" => its with { MixUp = Number(value, name, word) },
                "cutmix" => its with { CutMix = Number(value, name, word) },
                "mix_prob" => its with { MixProbability = Number(value, name, word) },
                "mix_switch" => its with { MixSwitch = Number(value, name, word) },
                "crop_scale" when value is YamlSequenceNode { Children.Count: 2 } range => its with
                {
                    MinimumCrop = Number(range.Children[0], name, word),
                    MaximumCrop = Number(range.Children[1], name, word),
                },
                "crop_scale" => throw Wrong(name, value, "crop_scale: expected two numbers, [low, high]"),
                _ => throw Wrong(name, key, $"no key is named '{word}'; expected one of {string.Join(", ", keys)}." +
                    Suggest.DidYouMean(word, keys).TrimEnd('.')),
            };
        }
        return its;
    }

    static List<TransformSettings> Steps(YamlSequenceNode list, string name)
    {
        List<TransformSettings> steps = [];
        foreach (YamlNode item in list.Children)
        {
            TransformSettings step = item switch
            {
                YamlScalarNode word => new(word.Value ?? ""),
                YamlMappingNode { Children.Count: 1 } map => Step(map.Children.First().Key, map.Children.First().Value, name),
                _ => throw Wrong(name, item, "expected a transform's name, alone or with its parameters: rotate: {degrees: 10}"),
            };
            Check(item, name, () => AugmentationList.Create(step, Preprocess.ImageNet()));
            steps.Add(step);
        }
        return steps;
    }

    static TransformSettings Step(YamlNode key, YamlNode value, string name)
    {
        string transform = Scalar(key, name, "a transform");
        Dictionary<string, string> given = [];
        if (value is YamlMappingNode map)
        {
            foreach ((YamlNode parameter, YamlNode set) in map.Children)
                given[Scalar(parameter, name, transform)] = set is YamlSequenceNode several
                    ? string.Join(',', several.Children.Select(one => Scalar(one, name, transform)))
                    : Scalar(set, name, transform);
        }
        else if (value is not YamlScalarNode { Value: null or "" or "~" or "null" })
        {
            throw Wrong(name, value, $"{transform}: expected its parameters with their names, such as {transform}: {{p: 0.5}}");
        }
        return new(transform) { Parameters = given };
    }

    static void Check(YamlNode node, string name, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{name}:{node.Start.Line}: {error.Message}", error);
        }
    }

    static ResizeMethod Method(YamlNode node, string name)
    {
        string word = Scalar(node, name, "resize");
        string[] known = ["crop", "squish", "pad"];
        return known.Contains(word) ? Enum.Parse<ResizeMethod>(word, ignoreCase: true)
            : throw Wrong(name, node, $"resize: expected crop, squish or pad, found '{word}'");
    }

    static double Number(YamlNode node, string name, string what)
    {
        string word = Scalar(node, name, what);
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw Wrong(name, node, $"{what}: expected a number, found '{word}'");
    }

    static string Scalar(YamlNode node, string name, string what) =>
        (node as YamlScalarNode)?.Value ?? throw Wrong(name, node, $"{what}: expected a single value");

    static InvalidDataException Wrong(string name, YamlNode node, string problem) =>
        new($"{name}:{node.Start.Line}: {problem}.");
}
