using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>Every transform that can be chosen by name: the one place that knows them all.</summary>
public static partial class AugmentationList
{
    static readonly string[] methods = ["crop", "squish", "pad"], truth = ["false", "true"];
    static readonly string[] filters = ["nearest", "bilinear", "bicubic"], policies = ["imagenet", "cifar10", "svhn"];

    /// <summary>The transforms, in the order of their help: geometry, light, policies.</summary>
    public static IReadOnlyList<TransformEntry> All { get; } = [.. Geometry(), .. Light(), .. Policies()];

    /// <summary>Makes a transform.</summary>
    /// <param name="settings">Which, with what.</param>
    /// <param name="target">The network's preprocessing.</param>
    /// <exception cref="ArgumentException">There is no such transform or parameter, or a value is out of its range.</exception>
    public static IImageTransform Create(TransformSettings settings, Preprocess target)
    {
        TransformEntry entry = All.FirstOrDefault(one => one.Name == settings.Name) ??
            throw new ArgumentException($"augmentation: no transform is named '{settings.Name}'." +
                $"{Suggest.DidYouMean(settings.Name, All.Select(one => one.Name))} See graft data augmentations.");
        return entry.Make(new TransformArguments(entry.Name, entry.Parameters, settings.Parameters, target));
    }

    static ResizeMethod Method(string word) => Enum.Parse<ResizeMethod>(word, ignoreCase: true);

    static TransformParameter Chance(string standard) => Number("p", standard, "how often it happens", 0, 1);

    static TransformParameter Number(string name, string standard, string meaning, double minimum, double maximum) =>
        new(name, standard, meaning, minimum, maximum);

    static TransformParameter Range(string name, string standard, string meaning, double minimum, double maximum) =>
        new(name, standard, meaning, minimum, maximum) { Count = 2 };

    static TransformParameter Around(string name, string standard, string meaning, double reach) =>
        new(name, standard, meaning, -reach, reach) { Count = 2, IsSymmetric = true };

    static TransformParameter Whole(string name, string standard, string meaning, double minimum, double maximum) =>
        new(name, standard, meaning, minimum, maximum) { IsWhole = true };

    static TransformParameter Filter(int standard = 0) => new("filter", filters[standard], "how pixels are sampled")
    {
        Count = 0,
        Choices = filters,
    };

    static Interpolation FilterOf(TransformArguments its) => Enum.Parse<Interpolation>(its.Word("filter"), ignoreCase: true);

    static Interval IntervalOf(TransformArguments its, string name) => its.Range(name);

    static float ChanceOf(TransformArguments its) => (float)its.Number("p");

    static RgbColor FillOf(TransformArguments its) => new(its.Target.Fill.Red, its.Target.Fill.Green, its.Target.Fill.Blue);

    static TransformParameter Word(string name, string[] choices, string meaning) =>
        new(name, choices[0], meaning) { Count = 0, Choices = choices };
}
