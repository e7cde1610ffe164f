namespace Graft.Imaging;

/// <summary>What <see cref="ColorJitter"/> drew.</summary>
/// <param name="Order">Which comes first to last: 0 brightness, 1 contrast, 2 saturation, 3 hue.</param>
/// <param name="Brightness">Factor; null for no change.</param>
/// <param name="Contrast">Factor; null for no change.</param>
/// <param name="Saturation">Factor; null for no change.</param>
/// <param name="Hue">Turn as a share of the circle; null for no change.</param>
public readonly record struct ColorJitterDraw(
    (byte First, byte Second, byte Third, byte Fourth) Order, double? Brightness, double? Contrast, double? Saturation,
    double? Hue)
{
    /// <summary>The changed image; the one given when there is nothing to change.</summary>
    public Image Apply(Image image)
    {
        Image current = image;
        foreach (byte step in (ReadOnlySpan<byte>)[Order.First, Order.Second, Order.Third, Order.Fourth])
        {
            Image next = (step, Brightness, Contrast, Saturation, Hue) switch
            {
                (0, double factor, _, _, _) => Tone.Brightness(current, factor),
                (1, _, double factor, _, _) => Tone.Contrast(current, factor),
                (2, _, _, double factor, _) => Tone.Saturation(current, factor),
                (3, _, _, _, double turn) => Tone.Hue(current, turn),
                _ => current,
            };
            if (!ReferenceEquals(next, current) && !ReferenceEquals(current, image)) current.Dispose();
            current = next;
        }
        return current;
    }
}
