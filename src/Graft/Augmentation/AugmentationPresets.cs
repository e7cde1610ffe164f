using System.Globalization;
using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>Every ready-made augmentation. Each is a list of transforms of <see cref="AugmentationList"/>.</summary>
public static class AugmentationPresets
{
    /// <summary>What is used where augmentation is on and nothing else was said.</summary>
    public const string Default = "light";

    static readonly Dictionary<string, string> nothing = [];

    /// <summary>The presets, the lightest first.</summary>
    public static IReadOnlyList<AugmentationPreset> All { get; } =
    [
        new("none", "images as evaluation sees them")
        {
            Expand = (its, _) => its.HorizontalFlip is null && its.VerticalFlip == 0 && its.Erase is null
                ? [] : [Step("center"), .. Flips(its, 0), .. Erasing(its, 0)],
        },
        new("light", "random resized crop and mirroring, as torchvision's tutorials")
        {
            Expand = (its, _) => [Crop(its), .. Flips(its, 0.5), .. Erasing(its, 0)],
        },
        new("fastai", "fastai's aug_transforms: mirroring, rotation, zoom, perspective warp, brightness, contrast")
        {
            Transform = "fastai",
            Expand = Fastai,
        },
        new("autoaugment", "light, then AutoAugment: autoaugment:imagenet, autoaugment:cifar10, autoaugment:svhn")
        {
            Transform = "autoaugment",
            Expand = (its, given) => Policy(its, "autoaugment", given),
        },
        new("randaugment", "light, then RandAugment: randaugment:n=2,m=9")
        {
            Transform = "randaugment",
            Expand = (its, given) => Policy(its, "randaugment", given),
        },
        new("trivialaugment", "light, then TrivialAugmentWide")
        {
            Transform = "trivialaugment",
            Expand = (its, given) => Policy(its, "trivialaugment", given),
        },
        new("augmix", "light, then AugMix: augmix:severity=3")
        {
            Transform = "augmix",
            Expand = (its, given) => Policy(its, "augmix", given),
        },
        new("strong", "light, then RandAugment and, of a quarter of the images, an erased rectangle; for long training")
        {
            Expand = (its, given) => Policy(its with { Erase = its.Erase ?? 0.25 }, "randaugment", given),
        },
    ];

    /// <summary>The transforms of a preset.</summary>
    /// <param name="preset">Its name, and its arguments after a colon: <c>randaugment:n=2,m=9</c>.</param>
    /// <param name="settings">Crops, flips, erasing and the way to resize, which the preset heeds.</param>
    /// <exception cref="ArgumentException">There is no such preset, or it does not take those arguments.</exception>
    public static IReadOnlyList<TransformSettings> Expand(string preset, AugmentationSettings settings)
    {
        string[] parts = preset.Split(':', 2);
        AugmentationPreset found = All.FirstOrDefault(one => one.Name == parts[0]) ??
            throw new ArgumentException($"augmentation: no preset is named '{parts[0]}'; expected one of " +
                $"{string.Join(", ", All.Select(one => one.Name))}.{Suggest.DidYouMean(parts[0], All.Select(one => one.Name))}");
        IReadOnlyDictionary<string, string> arguments = nothing;
        if (parts.Length == 2) arguments = Arguments(found, parts[1]);
        List<TransformSettings> steps = [.. found.Expand(settings, arguments)];
        return steps;
    }

    internal static TransformList Build(string preset, AugmentationSettings settings, Preprocess target) =>
        Build(Expand(preset, settings), target);

    internal static TransformList Build(IEnumerable<TransformSettings> steps, Preprocess target) =>
        [.. steps.Select(step => AugmentationList.Create(step, target))];

    static IEnumerable<TransformSettings> Policy(
        AugmentationSettings its, string name, IReadOnlyDictionary<string, string> given) =>
        [Crop(its), .. Flips(its, 0.5), new(name) { Parameters = given }, .. Erasing(its, 0)];

    static IEnumerable<TransformSettings> Fastai(AugmentationSettings its, IReadOnlyDictionary<string, string> given)
    {
        Dictionary<string, string> all = [];
        if (its.Resize is { } method) all["method"] = method.ToString().ToLowerInvariant();
        if (its.HorizontalFlip is { } flip) all["flip"] = Text(flip);
        if (its.MinimumCrop is { } least) all["min_scale"] = Text(least);
        foreach ((string name, string value) in given) all[name] = value;
        yield return new("fastai") { Parameters = all };
        foreach (TransformSettings step in Flips(its with { HorizontalFlip = null }, 0)) yield return step;
        foreach (TransformSettings step in Erasing(its, 0)) yield return step;
    }

    /// <summary>The first step: how a part of the image comes to the input's size.</summary>
    static TransformSettings Crop(AugmentationSettings its)
    {
        bool crops = its.MinimumCrop is not null || its.MaximumCrop < 1;
        if (its.Resize is { } method && !crops) return Step("resize", ("method", method.ToString().ToLowerInvariant()));
        return Step("random_resized_crop", ("scale", $"{Text(its.MinimumCrop ?? 0.08)},{Text(its.MaximumCrop)}"));
    }

    /// <summary>Mirroring, as settings or else the preset have it.</summary>
    internal static IEnumerable<TransformSettings> Flips(AugmentationSettings its, double standard)
    {
        double across = its.HorizontalFlip ?? standard;
        if (across > 0) yield return Step("hflip", ("p", Text(across)));
        if (its.VerticalFlip > 0) yield return Step("vflip", ("p", Text(its.VerticalFlip)));
    }

    /// <summary>Erasing, as settings or else the preset have it.</summary>
    internal static IEnumerable<TransformSettings> Erasing(AugmentationSettings its, double standard)
    {
        double chance = its.Erase ?? standard;
        if (chance > 0) yield return Step("erase", ("p", Text(chance)));
    }

    static Dictionary<string, string> Arguments(AugmentationPreset preset, string text)
    {
        TransformEntry transform = AugmentationList.All.FirstOrDefault(one => one.Name == preset.Transform) ??
            throw new ArgumentException($"augmentation: {preset.Name} takes no arguments, came '{text}'.");
        Dictionary<string, string> arguments = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=');
            // one word alone is the first parameter: autoaugment:cifar10
            string name = equals < 0 ? transform.Parameters.Count > 0 ? transform.Parameters[0].Name : "" : part[..equals];
            if (!arguments.TryAdd(name, part[(equals + 1)..]))
                throw new ArgumentException($"augmentation: {preset.Name}: {name} is given twice.");
        }
        return arguments;
    }

    static TransformSettings Step(string name, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        Dictionary<string, string> given = [];
        foreach ((string key, string value) in parameters) given[key] = value;
        return new(name) { Parameters = given };
    }

    static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
