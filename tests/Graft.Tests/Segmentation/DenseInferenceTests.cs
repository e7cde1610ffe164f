using Graft.Imaging;
using Graft.Torch;

namespace Graft.Tests.Segmentation;

public sealed class DenseInferenceTests
{
    static readonly Preprocess asItIs = new()
    {
        Height = 1,
        Width = 1,
        ResizeMode = ResizeMode.None,
        CenterCrop = false,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
    };

    static Image Gradient(int width, int height)
    {
        var image = new Image(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                (image.Row(y)[3 * x], image.Row(y)[3 * x + 1], image.Row(y)[3 * x + 2]) =
                    ((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)((x + y) % 256));
        return image;
    }

    // a pixel's logits are its own colours: nothing depends on the rest of the image
    static Tensor Pointwise(Tensor images) => images * 4;

    static DenseInference Of(Func<Tensor, Tensor> logits, SegmentationView view, Preprocess? preprocess = null) =>
        new(logits, preprocess ?? asItIs, view, default, MemoryFormat.Contiguous);

    [Theory]
    [InlineData(32, 0)]
    [InlineData(32, 0.25)]
    [InlineData(48, 0.5)]
    public void Windows_give_what_the_whole_gives_where_pixels_stand_alone(int window, double overlap)
    {
        using Image image = Gradient(100, 75);
        float[] whole = Of(Pointwise, new()).Probabilities(image);
        float[] windowed = Of(Pointwise, new() { Window = window, Overlap = overlap }).Probabilities(image);
        Assert.Equal(3 * 100 * 75, whole.Length);
        for (int i = 0; i < whole.Length; i++) Assert.Equal(whole[i], windowed[i], 1e-5f);
    }

    [Fact]
    public void Every_window_is_seen_at_its_own_place_and_size()
    {
        using Image image = Gradient(100, 40);
        List<string> seen = [];
        Of(images =>
        {
            seen.Add(string.Join('x', images.Shape));
            return images;
        }, new() { Window = 64, Overlap = 0.25 }).Classes(image);
        Assert.Equal(["1x3x40x64", "1x3x40x64"], seen);
    }

    [Fact]
    public void A_mirrored_view_is_turned_back()
    {
        using Image image = Gradient(64, 48);
        float[] plain = Of(Pointwise, new()).Probabilities(image);
        float[] both = Of(Pointwise, new() { Flip = true }).Probabilities(image);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i], both[i], 1e-5f);
    }

    [Fact]
    public void Several_scales_are_looked_at_and_averaged()
    {
        using Image image = Gradient(64, 48);
        List<long> widths = [];
        float[] found = Of(images =>
        {
            widths.Add(images.Shape[3]);
            return Pointwise(images);
        }, new() { Scales = [0.5, 1, 2] }).Probabilities(image);
        Assert.Equal([32, 64, 128], widths);
        for (int i = 0; i < 64 * 48; i++) Assert.Equal(1, found[i] + found[64 * 48 + i] + found[2 * 64 * 48 + i], 1e-4f);
    }

    [Fact]
    public void Classes_are_those_of_the_highest_probability_at_any_resolution_of_the_model()
    {
        using Image image = Gradient(70, 50);
        static Tensor Quarter(Tensor images) => images.ResampleBilinearAntialiased(images.Shape[2] / 4, images.Shape[3] / 4);
        DenseInference inference = Of(Quarter, new());
        float[] probabilities = inference.Probabilities(image);
        ushort[] classes = inference.Classes(image);
        for (int i = 0; i < classes.Length; i++)
        {
            float highest = Math.Max(probabilities[i], Math.Max(probabilities[3500 + i], probabilities[7000 + i]));
            Assert.Equal(highest, probabilities[classes[i] * 3500 + i], 1e-6f);
        }
        using Tensor own = inference.OwnLogits(image);
        Assert.Equal([1, 3, 12, 17], own.Shape);
    }

    [Fact]
    public void A_crop_of_the_preprocessing_is_left_out()
    {
        using Image image = Gradient(80, 40);
        Preprocess cropping = Preprocess.ImageNet(32) with { Mean = [0, 0, 0], Std = [1, 1, 1], ResizeHeight = 36 };
        List<string> seen = [];
        ushort[] classes = Of(images =>
        {
            seen.Add(string.Join('x', images.Shape));
            return images;
        }, new(), cropping).Classes(image);
        Assert.Equal(["1x3x36x72"], seen);
        Assert.Equal(80 * 40, classes.Length);
    }

    [Theory]
    [InlineData(16, 0.25, 1.0)]
    [InlineData(64, 0.95, 1.0)]
    [InlineData(64, 0.25, 0.0)]
    public void Values_out_of_range_are_refused(int window, double overlap, double scale)
    {
        var view = new SegmentationView { Window = window, Overlap = overlap, Scales = [scale] };
        Assert.Contains("expected from", Assert.Throws<ArgumentException>(view.Validate).Message);
    }
}
