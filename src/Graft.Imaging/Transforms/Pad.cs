namespace Graft.Imaging;

/// <summary>A border around the image, by torchvision's parameters and pixels. Draws nothing.</summary>
/// <param name="Left">Columns to the left; fewer than 0 cut off that many.</param>
/// <param name="Top">Rows above.</param>
/// <param name="Right">Columns to the right.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Mode">What the border shows. <value>Constant.</value></param>
/// <param name="Fill">The colour of a constant border. <value>Black.</value></param>
public sealed record Pad(
    int Left, int Top, int Right, int Bottom, PaddingMode Mode = PaddingMode.Constant, RgbColor Fill = default) : IImageTransform
{
    /// <summary>The same border on all four sides.</summary>
    public Pad(int border, PaddingMode mode = PaddingMode.Constant, RgbColor fill = default)
        : this(border, border, border, border, mode, fill)
    {
    }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => (Left | Top | Right | Bottom) == 0
        ? image : Padding.Apply(image, Left, Top, Right, Bottom, Mode, Fill);
}
