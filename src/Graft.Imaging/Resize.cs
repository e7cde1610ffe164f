using System.Runtime.CompilerServices;
using Graft.Imaging.Resizing;

namespace Graft.Imaging;

/// <summary>
/// Resizing that gives Pillow's pixels to the byte (<c>Image.resize</c>): antialiased, two passes, 8-bit fixed point.
/// </summary>
public static class Resize
{
    /// <summary>Resizes the image, or the part of it inside the box, to a new size.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="filter">The resampling filter.</param>
    /// <param name="box">The source rectangle, in pixels and fractions; all of the image when null. As with Pillow, pixels around
    /// the box still take part in the filter.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the box is empty or reaches out of the image.</exception>
    public static Image Apply(
        Image image, int width, int height, Interpolation filter, (float Left, float Top, float Right, float Bottom)? box = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (float left, float top, float right, float bottom) = box ?? (0, 0, image.Width, image.Height);
        if (!(left >= 0 && top >= 0 && right <= image.Width && bottom <= image.Height))
            throw new ArgumentException(
                $"box ({left}, {top}, {right}, {bottom}): expected inside the image of {image.Width} x {image.Height}",
                nameof(box));
        if (!(right > left && bottom > top))
            throw new ArgumentException($"box ({left}, {top}, {right}, {bottom}): expected a box that is not empty", nameof(box));
        return Window(image, width, height, filter, (left, top, right, bottom), 0, 0, width, height);
    }

    /// <summary>
    /// Crops to whole pixels first, then resizes: no pixel outside of the crop takes part (torchvision's resized_crop).
    /// </summary>
    /// <exception cref="ArgumentException">A size is not positive, or the rectangle reaches out of the image.</exception>
    public static Image CropAndApply(
        Image image, int left, int top, int cropWidth, int cropHeight, int width, int height, Interpolation filter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cropWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cropHeight);
        if (left < 0 || top < 0 || cropWidth > image.Width - left || cropHeight > image.Height - top)
            throw new ArgumentException(
                $"crop ({left}, {top}, {cropWidth}, {cropHeight}): expected inside the image of {image.Width} x {image.Height}");
        Image result = Image.Uninitialized(width, height);
        Run(image, left, top, cropWidth, cropHeight, result, width, height, filter, (0, 0, cropWidth, cropHeight), 0, 0);
        return result;
    }

    /// <summary>Only the rectangle (x, y, windowWidth, windowHeight) of the image that resizing would give.</summary>
    internal static Image Window(
        Image image, int width, int height, Interpolation filter, (float Left, float Top, float Right, float Bottom) box,
        int x, int y, int windowWidth, int windowHeight)
    {
        Image result = Image.Uninitialized(windowWidth, windowHeight);
        Run(image, 0, 0, image.Width, image.Height, result, width, height, filter, box, x, y);
        return result;
    }

    static void Run(
        Image image, int left, int top, int sourceWidth, int sourceHeight, Image result, int width, int height,
        Interpolation filter, (float Left, float Top, float Right, float Bottom) box, int x, int y)
    {
        if (!Enum.IsDefined(filter)) throw new ArgumentOutOfRangeException(nameof(filter), filter, "no such filter");
        Plane source = new(image.Rgb, image.Width * 3, left, top, sourceWidth, sourceHeight);
        if (filter == Interpolation.Nearest)
            NearestResampler.Run(source, result.Rgb, result.Width, result.Height, width, height, box, x, y);
        else Resampler.Run(source, result.Rgb, result.Width, result.Height, width, height, filter, box, x, y);
    }
}
