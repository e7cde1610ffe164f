using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>How a map is cut into windows, and how far it is rolled before.</summary>
/// <param name="Height">the windows' height</param>
/// <param name="Width">the windows' width</param>
/// <param name="Down">rows that go from the top to the bottom</param>
/// <param name="Right">columns that go from the left to the right</param>
readonly record struct ShiftedWindows(int Height, int Width, int Down, int Right)
{
    /// <summary>Whether it is rolled at all.</summary>
    public bool IsShifted => Down > 0 || Right > 0;

    /// <summary>A map <c>[N, H, W, C]</c>, rolled and filled up with zeros to whole windows.</summary>
    /// <param name="x">the map</param>
    /// <param name="padFirst">whether it is filled up before it is rolled; timm does so after</param>
    public Tensor Open(Tensor x, bool padFirst)
    {
        using var scope = new TensorScope();
        return scope.Keep(padFirst ? Roll(Pad(x), -1) : Pad(Roll(x, -1)));
    }

    /// <summary>Undoes <see cref="Open"/>: a map of the old size.</summary>
    public Tensor Close(Tensor x, long height, long width, bool padFirst)
    {
        using var scope = new TensorScope();
        return scope.Keep(padFirst ? Crop(Roll(x, 1), height, width) : Roll(Crop(x, height, width), 1));
    }

    /// <summary>
    /// What is added to the attention between pixels that came together by rolling only, <c>[windows, 1, HW, HW]</c>.
    /// </summary>
    public Tensor Mask(long mapHeight, long mapWidth, double value, DType dtype, Device device)
    {
        int rows = (int)(mapHeight / Height), columns = (int)(mapWidth / Width), area = Height * Width;
        float[] regions = new float[rows * columns * area]; // three bands each way
        int next = 0;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                for (int y = i * Height; y < (i + 1) * Height; y++)
                    for (int x = j * Width; x < (j + 1) * Width; x++)
                        regions[next++] = 3 * Band(y, mapHeight, Height, Down) + Band(x, mapWidth, Width, Right);
        using var scope = new TensorScope();
        Tensor all = Tensor.FromArray(regions, [rows * columns, 1, area]).To(device);
        Tensor differences = all.Reshape(-1, 1, area, 1) - all.Reshape(-1, 1, 1, area); // [windows, 1, HW, HW]
        return scope.Keep((differences.Abs().Clamp_(max: 1) * value).To(dtype));
    }

    static int Band(int at, long size, int window, int shift) =>
        shift == 0 || at < size - window ? 0 : at < size - shift ? 1 : 2;

    Tensor Roll(Tensor x, int direction) => IsShifted ? x.Roll([direction * Down, direction * Right], [1, 2]) : x;

    Tensor Pad(Tensor x)
    {
        long bottom = Missing(x.Size(1), Height), right = Missing(x.Size(2), Width);
        return bottom + right == 0 ? x : x.PadLast(0, 0, 0, right, 0, bottom);
    }

    static Tensor Crop(Tensor x, long height, long width)
    {
        if (x.Size(1) == height && x.Size(2) == width) return x;
        return x.Slice(1, 0, height).Slice(2, 0, width).Contiguous();
    }

    static long Missing(long size, int window) => (window - size % window) % window;
}
