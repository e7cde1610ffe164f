using System.Text;

namespace Graft;

/// <summary><see cref="SegmentationSettings"/> as options of <c>graft train</c>.</summary>
static class SegmentationWords
{
    /// <summary>Adds the options that differ from the defaults to a command line.</summary>
    public static void Put(StringBuilder line, SegmentationSettings its)
    {
        SegmentationSettings usual = new();
        if (its.Decoder is { } decoder) line.Append($" --decoder {decoder.ToString().ToLowerInvariant()}");
        if (its.Auxiliary is { } auxiliary) line.Append(auxiliary ? " --aux" : " --no-aux");
        if (its.AuxiliaryWeight != usual.AuxiliaryWeight) line.Put($" --aux-weight {its.AuxiliaryWeight}");
        if (its.AuxiliaryRate != usual.AuxiliaryRate) line.Put($" --aux-lr {its.AuxiliaryRate}");
        if (its.Crop is { } crop) line.Put($" --crop {crop.Height},{crop.Width}");
        if (its.MinimumScale != usual.MinimumScale || its.MaximumScale != usual.MaximumScale)
            line.Put($" --scale {its.MinimumScale},{its.MaximumScale}");
        if (its.ClassCap is { } cap) line.Put($" --class-cap {cap}");
        if (its.IgnoreIndex is { } ignored) line.Put($" --ignore-index {ignored}");
        if (its.ClassList is { } list) line.Append($" --class-list {ShellQuote.Quote(list)}");
    }
}
