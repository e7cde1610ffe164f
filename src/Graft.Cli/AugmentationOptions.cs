using System.CommandLine;
using System.Globalization;
using Graft.Imaging;
using static System.FormattableString;

namespace Graft.Cli;

/// <summary>The options that say how training images are changed.</summary>
sealed class AugmentationOptions
{
    static readonly AugmentationSettings defaults = new();
    const string On = "on"; // what --augment alone says
    static readonly string[] methods = ["crop", "squish", "pad"];

    readonly OptionalValueOption preset = OptionalValueOption.Of("--augment", "NAME", On, IsPreset,
        "change training images at random: " + string.Join(", ", AugmentationPresets.All.Select(one => one.Name)) +
        "; arguments follow a colon: randaugment:n=2,m=9; without a name: " + AugmentationPresets.Default +
        ". A probe then computes its features anew every epoch [light; probe: none]");
    readonly Option<bool> none = MakeOption.Flag("--no-augment", "as --augment none");
    readonly Option<string?> file = MakeOption.Text("--augmentation", "FILE",
        "a list of transforms in YAML instead of a preset; graft data augmentations names them");
    readonly Option<string?> resize = MakeOption.Text("--resize", "crop|squish|pad",
        "what becomes of images of another ratio, in training and later [evaluation as the weights came with it]");
    readonly Option<string?> cropScale = MakeOption.Text("--crop-scale", "LOW,HIGH",
        "share of the area that a random crop takes [0.08,1; fastai: all that the ratio allows]");
    readonly Option<double?> across = MakeOption.Real("--hflip", "how often images are mirrored left and right [0.5]", 0, 1, "P");
    readonly Option<double?> down = MakeOption.Real("--vflip", "how often images are mirrored top and bottom [0]", 0, 1, "P");
    readonly Option<double?> erase = MakeOption.Real("--erase", "how often a rectangle is erased [0; strong: 0.25]", 0, 1, "P");
    readonly Option<double?> mixUp = MakeOption.Real("--mixup", "MixUp with this alpha, such as 0.2 [0: none]", 0, 100, "A");
    readonly Option<double?> cutMix = MakeOption.Real("--cutmix", "CutMix with this alpha, such as 1 [0: none]", 0, 100, "A");
    readonly Option<double?> mixProbability = MakeOption.Real("--mix-prob", Invariant(
        $"how often a batch is mixed, with --mixup or --cutmix [{defaults.MixProbability}]"), 0, 1, "P");
    readonly Option<double?> mixSwitch = MakeOption.Real("--mix-switch", Invariant(
        $"with both: how often CutMix is taken [{defaults.MixSwitch}]"), 0, 1, "P");

    /// <summary>The options in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [preset, none, file, resize, cropScale, across, down, erase, mixUp, cutMix, mixProbability, mixSwitch];

    /// <summary>
    /// Whether <c>--augment</c> stands alone or <c>--no-augment</c> is given; null where neither does.
    /// </summary>
    public bool? Augment(ParseResult arguments) =>
        arguments.GetValue(none) ? false : arguments.GetValue(preset) is On ? true : null;

    /// <summary>The settings, with what was given.</summary>
    /// <exception cref="UsageException">Options exclude each other, or a value makes no sense.</exception>
    public AugmentationSettings Read(ParseResult arguments, AugmentationSettings its, string command)
    {
        string? name = arguments.GetValue(preset), path = arguments.GetValue(file);
        bool off = arguments.GetValue(none), named = name is not null and not On;
        if (off && name is not null) throw new UsageException($"{command}: --augment and --no-augment exclude each other.");
        if (off && path is not null) throw new UsageException($"{command}: --augmentation and --no-augment exclude each other.");
        if (named && path is not null)
            throw new UsageException($"{command}: --augment {name} and --augmentation exclude each other.");
        if (path is not null) its = AugmentationFile.Read(path);
        if (named) its = its with { Preset = name };
        if (arguments.GetValue(resize) is { } method)
            its = its with
            {
                Resize = methods.Contains(method) ? Enum.Parse<ResizeMethod>(method, ignoreCase: true)
                    : throw new UsageException($"{command}: --resize: expected crop, squish or pad, got '{method}'."),
            };
        if (arguments.GetValue(cropScale) is { } range)
        {
            (double low, double high) = Range(range, command);
            its = its with { MinimumCrop = low, MaximumCrop = high };
        }
        its = its with
        {
            HorizontalFlip = arguments.GetValue(across) ?? its.HorizontalFlip,
            VerticalFlip = arguments.GetValue(down) ?? its.VerticalFlip,
            Erase = arguments.GetValue(erase) ?? its.Erase,
            MixUp = arguments.GetValue(mixUp) ?? its.MixUp,
            CutMix = arguments.GetValue(cutMix) ?? its.CutMix,
            MixProbability = arguments.GetValue(mixProbability) ?? its.MixProbability,
            MixSwitch = arguments.GetValue(mixSwitch) ?? its.MixSwitch,
        };
        bool mixes = its.MixUp > 0 || its.CutMix > 0;
        if (!mixes && arguments.GetValue(mixProbability) is not null)
            throw new UsageException($"{command}: --mix-prob belongs to --mixup or --cutmix.");
        if (arguments.GetValue(mixSwitch) is not null && !(its.MixUp > 0 && its.CutMix > 0))
            throw new UsageException($"{command}: --mix-switch belongs to --mixup and --cutmix together.");
        try
        {
            its.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{command}: {error.Message}");
        }
        return its;
    }

    // A folder's name after --augment is the argument, whatever else is a preset or meant to be one.
    static bool IsPreset(string word) =>
        word == On || AugmentationPresets.All.Any(one => one.Name == word.Split(':')[0]) || !Path.Exists(word);

    static (double Low, double High) Range(string text, string command)
    {
        string[] parts = text.Split(',');
        if (parts.Length == 2 && Parse(parts[0], out double low) && Parse(parts[1], out double high) && low > 0 && low <= high &&
            high <= 1)
            return (low, high);
        throw new UsageException($"{command}: --crop-scale: expected LOW,HIGH from above 0 to 1, such as 0.35,1; got '{text}'.");
    }

    static bool Parse(string word, out double value) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
