namespace Graft.Data;

/// <summary>What was drawn for one batch.</summary>
/// <param name="Kind">How its images are mixed.</param>
/// <param name="Lambda">The share of each image's own label, in [0, 1]: for CutMix that of the area left to it.</param>
/// <param name="Top">CutMix: first row of the rectangle.</param>
/// <param name="Bottom">CutMix: the row after its last.</param>
/// <param name="Left">CutMix: first column of the rectangle.</param>
/// <param name="Right">CutMix: the column after its last.</param>
public readonly record struct Mix(MixKind Kind, double Lambda, int Top = 0, int Bottom = 0, int Left = 0, int Right = 0)
{
    /// <summary>Images and labels as they are.</summary>
    public static Mix None => new(MixKind.None, 1);

    /// <summary>Weighted means: <paramref name="lambda"/> of the image itself, the rest of its partner.</summary>
    public static Mix MixUp(double lambda) => new(lambda == 1 ? MixKind.None : MixKind.MixUp, lambda);

    /// <summary>
    /// A rectangle around a centre, of 1 - <paramref name="lambda"/> of the area, clipped at the border; lambda becomes the share
    /// of the area that is really left.
    /// </summary>
    /// <param name="lambda">The share that the image keeps, before clipping.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <param name="centreRow">Row of the rectangle's centre.</param>
    /// <param name="centreColumn">Column of the rectangle's centre.</param>
    public static Mix CutMix(double lambda, int height, int width, int centreRow, int centreColumn)
    {
        double ratio = Math.Sqrt(1 - lambda);
        int halfHeight = (int)(height * ratio) / 2, halfWidth = (int)(width * ratio) / 2;
        int top = Math.Clamp(centreRow - halfHeight, 0, height), bottom = Math.Clamp(centreRow + halfHeight, 0, height);
        int left = Math.Clamp(centreColumn - halfWidth, 0, width), right = Math.Clamp(centreColumn + halfWidth, 0, width);
        double area = (double)(bottom - top) * (right - left);
        if (area == 0) return None;
        return new Mix(MixKind.CutMix, 1 - area / ((double)height * width), top, bottom, left, right);
    }
}
