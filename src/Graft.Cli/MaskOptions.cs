using System.CommandLine;

namespace Graft.Cli;

/// <summary>The options that say what masks mean and how training cuts images with masks.</summary>
sealed class MaskOptions
{
    static readonly SegmentationSettings defaults = new();

    readonly Option<NumberList?> crop = MakeOption.Numbers("--crop", "H,W", ',',
        "size of training crops in pixels [480 of 520 of the images' shorter side, at most 480]", count: 2);
    readonly Option<RealList?> scale = MakeOption.Reals("--scale", "LOW,HIGH",
        "by what training images are scaled at random, before the crop [0.5,2]", count: 2);
    readonly Option<double?> classCap = MakeOption.Real("--class-cap",
        "the largest share of one class in a training crop, ten tries; 0.75 is usual [1: any]", 0.01, 1);
    readonly Option<int?> ignoreIndex = MakeOption.Number("--ignore-index",
        "value of mask pixels that do not count; -1: none [the class list's; else 255 where it is no class]", minimum: -1);
    readonly Option<string?> classList = MakeOption.Text("--class-list", "FILE",
        "names, values and colours of the classes [classes.json or the like in the data's folder]");

    public IReadOnlyList<Option> All => [crop, scale, classCap, ignoreIndex, classList];

    /// <summary>What was given.</summary>
    /// <param name="arguments">the words</param>
    /// <param name="settings">the rest of the settings</param>
    /// <param name="command">how errors name the command</param>
    /// <exception cref="UsageException">A value is out of its range.</exception>
    public SegmentationSettings Read(ParseResult arguments, SegmentationSettings settings, string command)
    {
        IReadOnlyList<int>? size = arguments.GetValue(crop)?.Values;
        IReadOnlyList<double>? range = arguments.GetValue(scale)?.Values;
        settings = settings with
        {
            Crop = size is null ? null : new CropSettings(size[0], size[1]),
            MinimumScale = range?[0] ?? defaults.MinimumScale,
            MaximumScale = range?[1] ?? defaults.MaximumScale,
            ClassCap = arguments.GetValue(classCap),
            IgnoreIndex = arguments.GetValue(ignoreIndex),
            ClassList = arguments.GetValue(classList),
        };
        try
        {
            settings.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{command}: {error.Message}");
        }
        return settings;
    }
}
