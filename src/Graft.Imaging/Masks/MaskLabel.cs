namespace Graft.Imaging;

/// <summary>A line of a class list: how masks show a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Value">The value of its pixels in masks of one channel, 0 to 65535.</param>
/// <param name="Color">The colour of its pixels in masks of three channels. <value>null: none is known</value></param>
/// <param name="IsIgnored">Whether its pixels count neither in training nor in measures; it is no class then.
/// <value>false</value></param>
public sealed record MaskLabel(string Name, int Value, RgbColor? Color = null, bool IsIgnored = false);
