namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>The same preprocessing for another input size: the crop keeps its share of the image.</summary>
    /// <param name="side">The side of the square input in pixels.</param>
    public Preprocess AtSize(int side)
    {
        int Scaled(int length, int of) => length <= 0 ? length : Math.Max(side, (int)Math.Round((double)length * side / of));
        return this with
        {
            Height = side,
            Width = side,
            ResizeHeight = Scaled(ResizeHeight, Height),
            ResizeWidth = Scaled(ResizeWidth, Width),
        };
    }

    /// <summary>
    /// The same numbers of an image at its own size: nothing is resized and nothing is cut off. For networks that take any size.
    /// </summary>
    public Preprocess AtOwnSize() => this with
    {
        FreeSize = true,
        CenterCrop = false,
        ResizeMode = ResizeMode.None,
        ResizeHeight = 0,
        ResizeWidth = 0,
    };

    /// <summary>
    /// The same network's preprocessing with another way to bring an image to its size. <see cref="ResizeMethod.Crop"/> leaves a
    /// geometry that crops already, and its margin, as it is; else the shorter side becomes the input's, as fastai has it.
    /// </summary>
    /// <param name="method">What becomes of an image of another ratio.</param>
    public Preprocess With(ResizeMethod method) => method switch
    {
        ResizeMethod.Squish => this with
        {
            ResizeMode = ResizeMode.Exact,
            ResizeHeight = Height,
            ResizeWidth = Width,
            FreeSize = false,
        },
        ResizeMethod.Pad => this with
        {
            ResizeMode = ResizeMode.Border,
            ResizeHeight = Height,
            ResizeWidth = Width,
            CenterCrop = true,
            FreeSize = false,
        },
        _ when ResizeMode == ResizeMode.ShortestEdge && CenterCrop => this,
        _ => this with
        {
            ResizeMode = ResizeMode.ShortestEdge,
            ResizeHeight = Height,
            ResizeWidth = Height == Width ? 0 : Width,
            CenterCrop = true,
            FreeSize = false,
        },
    };
}
