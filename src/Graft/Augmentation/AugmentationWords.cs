using System.Globalization;
using System.Text;

namespace Graft;

/// <summary>Augmentation as options of <c>graft train</c>.</summary>
static class AugmentationWords
{
    /// <summary>Adds the options that say the same to a command line.</summary>
    public static void Put(StringBuilder line, JobConfig config)
    {
        AugmentationSettings its = config.Augmentation;
        if (its.Transforms is not null) line.Append(" --augmentation ").Append(AugmentationFile.UsualName);
        else if (its.Preset is not null) line.Append(" --augment ").Append(its.Preset);
        else if (config.Augment is { } augments) line.Append(augments ? " --augment" : " --no-augment");
        if (its.Resize is { } method) line.Append(" --resize ").Append(method.ToString().ToLowerInvariant());
        if (its.MinimumCrop is not null || its.MaximumCrop < 1)
            line.Append(CultureInfo.InvariantCulture, $" --crop-scale {its.MinimumCrop ?? 0.08},{its.MaximumCrop}");
        Put(line, "hflip", its.HorizontalFlip);
        Put(line, "vflip", its.VerticalFlip > 0 ? its.VerticalFlip : null);
        Put(line, "erase", its.Erase);
        Put(line, "mixup", its.MixUp > 0 ? its.MixUp : null);
        Put(line, "cutmix", its.CutMix > 0 ? its.CutMix : null);
        Put(line, "mix-prob", its.Mixes && its.MixProbability < 1 ? its.MixProbability : null);
        Put(line, "mix-switch", its is { MixUp: > 0, CutMix: > 0 } && its.MixSwitch != 0.5 ? its.MixSwitch : null);
    }

    static void Put(StringBuilder line, string option, double? value)
    {
        if (value is { } given) line.Append(CultureInfo.InvariantCulture, $" --{option} {given}");
    }
}
