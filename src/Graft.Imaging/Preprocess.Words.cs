using System.Globalization;

namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>
    /// All of it in words: <c>shorter side to 256 by bilinear, centre crop of 224x224, RGB in [0, 1], mean 0.485 0.456 0.406, std
    /// 0.229 0.224 0.225</c>. Sizes are width by height.
    /// </summary>
    public string Describe()
    {
        (int height, int width) = ResizeTarget;
        string filter = Interpolation.ToString().ToLowerInvariant();
        List<string> steps = [];
        if (ResizeMode == ResizeMode.ShortestEdge && height == width) steps.Add($"shorter side to {height} by {filter}");
        else if (ResizeMode == ResizeMode.ShortestEdge) steps.Add($"resized to cover {width}x{height} by {filter}");
        else if (ResizeMode == ResizeMode.Exact) steps.Add($"squashed to {width}x{height} by {filter}");
        else if (ResizeMode == ResizeMode.Border) steps.Add($"fitted into {width}x{height} by {filter}");
        if (FreeSize) steps.Add("the whole image");
        bool cuts = CenterCrop && !FreeSize && !(ResizeMode == ResizeMode.Exact && (height, width) == (Height, Width));
        if (cuts) steps.Add($"centre crop of {Width}x{Height}");
        if (ResizeMode == ResizeMode.Border && Fill != default)
            steps.Add($"a border of RGB {Fill.Red} {Fill.Green} {Fill.Blue}");
        double top = (Arithmetic == PixelArithmetic.Divide ? 1 : 255 * RescaleFactor) - RescaleOffset;
        steps.Add($"{(SwapRedBlue ? "BGR" : "RGB")} in [{Number(-RescaleOffset)}, {Number(top)}]");
        if (!(Mean.SequenceEqual(zeros) && Std.SequenceEqual(ones)))
        {
            steps.Add($"mean {Numbers(Mean)}");
            steps.Add($"std {Numbers(Std)}{(SecondDivision ? ", by which is divided twice" : "")}");
        }
        return string.Join(", ", steps);
    }

    static string Numbers(IReadOnlyList<float> values) =>
        values.Distinct().Count() == 1 ? Number(values[0]) : string.Join(' ', values.Select(value => Number(value)));

    static string Number(double value) => (value == 0 ? 0 : value).ToString("0.######", CultureInfo.InvariantCulture);
}
