using System.Text.Json;
using Graft.Tests;

namespace Graft.Imaging.Tests;

/// <summary>Geometry of masks against torchvision over Pillow, polygons against pycocotools.</summary>
public class MaskGoldenTests
{
    static readonly JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(SharedFiles.Repository, "tests/Graft.Imaging.Tests/Golden/masks.json"))).RootElement;

    static IndexMask Make(int width, int height)
    {
        IndexMask mask = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) mask.Row(y)[x] = (ushort)((x / 3 * 7 + y / 2 * 13 + x * y / 50) % 251);
        return mask;
    }

    // ignored pixels are 255 there
    static uint Crc32(IndexMask mask)
    {
        byte[] bytes = new byte[mask.Pixels.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)mask.Pixels[i];
        return Crc.Of(bytes);
    }

    static (IndexMask Mask, JsonElement Case)[] Cases() =>
    [
        .. golden.GetProperty("geometry").EnumerateArray()
            .Select(each => (Make(Int(each, "width"), Int(each, "height")), each)),
    ];

    static int Int(JsonElement from, string name) => from.GetProperty(name).GetInt32();

    static double Number(JsonElement from, string name) => from.GetProperty(name).GetDouble();

    [Fact]
    public void Resizing_is_Pillows_nearest()
    {
        foreach ((IndexMask mask, JsonElement each) in Cases())
        {
            JsonElement its = each.GetProperty("resize");
            int[] size = [.. its.GetProperty("size").EnumerateArray().Select(part => part.GetInt32())];
            using IndexMask resized = MaskGeometry.Resize(mask, size[0], size[1]);
            Assert.Equal(its.GetProperty("crc").GetUInt32(), Crc32(resized));
            Assert.Equal(each.GetProperty("flip").GetUInt32(), Crc32(MaskGeometry.FlipHorizontal(mask)));
        }
    }

    [Fact]
    public void A_window_of_a_resized_mask_is_torchvisions_resize_pad_and_crop()
    {
        foreach ((IndexMask mask, JsonElement each) in Cases())
        {
            JsonElement its = each.GetProperty("crop");
            int[] box = [.. its.GetProperty("box").EnumerateArray().Select(part => part.GetInt32())];
            int side = Int(its, "side");
            RandomScaleCrop crop = new(box[3], box[2], side, side);
            SampleRandom random = new(1, 2, 3);
            (int width, int height) = crop.DrawSize(mask.Width, mask.Height, ref random);
            using IndexMask window = MaskGeometry.Window(mask, width, height, box[0], box[1], box[2], box[3]);
            Assert.Equal(its.GetProperty("crc").GetUInt32(), Crc32(window));
        }
    }

    [Fact]
    public void Turns_and_affine_maps_are_torchvisions()
    {
        foreach ((IndexMask mask, JsonElement each) in Cases())
        {
            JsonElement turn = each.GetProperty("rotate"), map = each.GetProperty("affine");
            double angle = Number(turn, "angle");
            Assert.Equal(turn.GetProperty("crc").GetUInt32(), Crc32(Changed(mask, new RandomRotation((angle, angle)))));
            using Image carrier = MaskCarrier.ToImage(mask);
            AffineMatrix matrix = AffineMatrix.Inverse(
                (mask.Width * 0.5, mask.Height * 0.5), Number(map, "angle"),
                (map.GetProperty("shift")[0].GetDouble(), map.GetProperty("shift")[1].GetDouble()), Number(map, "scale"),
                (map.GetProperty("shear")[0].GetDouble(), map.GetProperty("shear")[1].GetDouble()));
            IndexMask moved = MaskCarrier.ToMask(Warp.Affine(carrier, matrix, Interpolation.Nearest, MaskCarrier.Ignore));
            Assert.Equal(map.GetProperty("crc").GetUInt32(), Crc32(moved));
        }
    }

    static IndexMask Changed(IndexMask mask, IImageTransform transform)
    {
        using Image image = new(mask.Width, mask.Height);
        SampleRandom random = new(1, 2, 3);
        return MaskedTransform.Of(transform).Apply(new MaskedImage(image, mask), ref random).Mask;
    }

    [Fact]
    public void Polygons_have_the_pixels_of_pycocotools()
    {
        int filled = 0;
        foreach (JsonElement each in golden.GetProperty("polygons").EnumerateArray())
        {
            double[] points = [.. each.GetProperty("points").EnumerateArray().Select(point => point.GetDouble())];
            using IndexMask drawn = new(Int(each, "width"), Int(each, "height")), expected = new(drawn.Width, drawn.Height);
            PolygonRaster.Fill(drawn, points, 300);
            RunLengths.Fill(expected, RunLengths.Parse(each.GetProperty("counts").GetString()!), 300);
            Assert.Equal(expected.Pixels, drawn.Pixels);
            filled += drawn.Pixels.Count((ushort)300);
        }
        Assert.True(filled > 10000);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("~~")]
    [InlineData("oooooooooooo0")]
    public void Texts_that_are_no_run_lengths_are_refused(string text) =>
        Assert.Throws<FormatException>(() => RunLengths.Parse(text));

    [Fact]
    public void Run_lengths_of_another_size_are_refused()
    {
        IndexMask mask = new(4, 3);
        Assert.Throws<ArgumentException>(() => RunLengths.Fill(mask, [5, 6], 1));
        Assert.Throws<ArgumentException>(() => RunLengths.Fill(mask, [-5, 17], 1));
        RunLengths.Fill(mask, [2, 2, 8], 1);
        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], mask.Pixels.ToArray().Select(value => (int)value));
        Assert.Throws<ArgumentException>(() => PolygonRaster.Fill(mask, [0, 0, double.NaN, 1, 2, 2], 1));
        Assert.Throws<ArgumentException>(() => PolygonRaster.Fill(mask, [0, 0, 1], 1));
    }
}
