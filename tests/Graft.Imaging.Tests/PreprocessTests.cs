using System.Text.Json;

namespace Graft.Imaging.Tests;

public class PreprocessTests
{
    static Preprocess Timm(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Preprocess.FromTimm(document.RootElement);
    }

    [Fact]
    public void OldFormsOfHuggingFaceFilesMeanWhatTransformersMakesOfThem()
    {
        // an integer size is a square for ViT, and the shortest edge for ConvNeXt
        Preprocess vit = Preprocess.FromHuggingFace("""{"size": 96, "do_normalize": true}""", "vit");
        Assert.Equal((ResizeMode.Exact, 96, 96, false, Interpolation.Bilinear), Shape(vit));
        Assert.Equal([0.5f, 0.5f, 0.5f], vit.Mean);
        Preprocess convnext = Preprocess.FromHuggingFace("""{"size": 224, "crop_pct": 0.875, "resample": 3}""", "convnext");
        Assert.Equal((ResizeMode.ShortestEdge, 256, 0, true, Interpolation.Bicubic), Shape(convnext));
        Assert.Equal((224, 224), (convnext.Height, convnext.Width));
        Preprocess large = Preprocess.FromHuggingFace(
            """{"size": {"shortest_edge": 384}, "image_processor_type": "ConvNextImageProcessor"}""");
        Assert.Equal((ResizeMode.Exact, 384, 384, false, Interpolation.Bilinear), Shape(large));
        Preprocess deit = Preprocess.FromHuggingFace(
            """{"size": 256, "crop_size": 224, "feature_extractor_type": "DeiTFeatureExtractor"}""");
        Assert.Equal((ResizeMode.Exact, 256, 256, true, Interpolation.Bicubic), Shape(deit));
        Assert.Equal((224, 224), (deit.Height, deit.Width));
        Preprocess mobile = Preprocess.FromHuggingFace("""{"image_processor_type": "MobileNetV2ImageProcessorFast"}""");
        Assert.Equal((ResizeMode.ShortestEdge, 256, 256, true, Interpolation.Bilinear), Shape(mobile));
        Preprocess efficient = Preprocess.FromHuggingFace("""{"size": {"height": 64, "width": 80}}""", "efficientnet");
        Assert.Equal((64, 80), (efficient.Height, efficient.Width));
        Assert.Equal((Interpolation.Nearest, true), (efficient.Interpolation, efficient.SecondDivision));
        Preprocess bare = Preprocess.FromHuggingFace("""{"do_normalize": false, "do_rescale": false, "size": 8}""", "vit");
        Assert.Equal(200f, bare.Value(1, 200));
        Preprocess swapped = Preprocess.FromHuggingFace("""{"image_processor_type": "MobileViTImageProcessor"}""");
        Assert.Equal((true, 256, 224, 1f), (swapped.SwapRedBlue, swapped.Height, swapped.ResizeHeight, swapped.Std[0]));

        static (ResizeMode, int, int, bool, Interpolation) Shape(Preprocess p) =>
            (p.ResizeMode, p.ResizeHeight, p.ResizeWidth, p.CenterCrop, p.Interpolation);
    }

    [Fact]
    public void EveryRecordSurvivesItsFile()
    {
        List<Preprocess> all =
        [
            Preprocess.ImageNet(),
            Preprocess.TorchVision(232, 240, Interpolation.Bicubic),
            Timm("""{"input_size": [3, 160, 192], "crop_pct": 0.9, "crop_mode": "border", "interpolation": "lanczos"}"""),
            Timm("""{"input_size": [3, 160, 160], "crop_pct": 1.0, "crop_mode": "squash", "mean": [0.5, 0.5, 0.5]}"""),
            new() { Height = 7, Width = 9, ResizeMode = ResizeMode.None, SwapRedBlue = true, Fill = (1, 2, 3) },
            new()
            {
                Height = 7,
                Width = 9,
                ResizeMode = ResizeMode.Exact,
                CenterCrop = false,
                Std = [0.1f, 0.22549f, 1 / 3f],
                SecondDivision = true,
                RescaleOffset = 1,
            },
        ];
        foreach (Preprocess one in all)
        {
            string json = one.ToHuggingFaceJson();
            Assert.Equal(one, Preprocess.FromHuggingFace(json));
            // without the private object, transformers' reading of the file differs only in what the help says
            using JsonDocument document = JsonDocument.Parse(json);
            Dictionary<string, JsonElement> open = document.RootElement.EnumerateObject()
                .Where(property => property.Name != "graft").ToDictionary(property => property.Name, property => property.Value);
            Preprocess read = Preprocess.FromHuggingFace(JsonSerializer.Serialize(open));
            Assert.Equal((one.Height, one.Width, one.Interpolation), (read.Height, read.Width, read.Interpolation));
            Assert.Equal(one.Mean, read.Mean);
            Assert.Equal(one.Std, read.Std);
            if (one.ResizeMode != ResizeMode.Border) Assert.Equal(one.ResizedSize(500, 375), read.ResizedSize(500, 375));
            for (int pixel = 0; pixel < 256; pixel++) Assert.Equal(one.Value(2, (byte)pixel), read.Value(2, (byte)pixel), 1e-6f);
        }
        Assert.NotEqual(all[0], all[0] with { Mean = [0, 0, 0] });
        Assert.Equal(all[0].GetHashCode(), (all[0] with { }).GetHashCode());
    }

    [Fact]
    public void CopiesDoNotShareTheirTable()
    {
        Preprocess one = Preprocess.ImageNet();
        Assert.Equal((10 / 255f - 0.485f) / 0.229f, one.Value(0, 10));
        Preprocess other = one with { Mean = [0, 0, 0], Std = [1, 1, 1] };
        Assert.Equal(10 / 255f, other.Value(0, 10));
        Assert.Equal((10 / 255f - 0.485f) / 0.229f, one.Value(0, 10));
    }

    [Fact]
    public void TimmGeometryIsTimms()
    {
        Preprocess center = Timm("""{"input_size": [3, 224, 224], "crop_pct": 0.95}""");
        Assert.Equal((235, Interpolation.Bicubic), (center.ResizeHeight, center.Interpolation));
        Assert.Equal((313, 235), center.ResizedSize(500, 375));
        Preprocess cover = Timm("""{"input_size": [3, 160, 192], "crop_pct": 0.8}""");
        Assert.Equal((267, 200), cover.ResizedSize(500, 375)); // ResizeKeepRatio: covers 240 x 200
        Preprocess border = Timm("""{"input_size": [3, 160, 160], "crop_pct": 1.0, "crop_mode": "border"}""");
        Assert.Equal((160, 120), border.ResizedSize(500, 375));
        Assert.Equal(((byte)124, (byte)116, (byte)104), border.Fill);
        using Image image = new(50, 25);
        using Image padded = border.ApplyGeometry(image);
        Assert.Equal([124, 116, 104], padded.Rgb[..3].ToArray());
        Assert.Equal([124, 116, 104], padded.Rgb[^3..].ToArray());
        Assert.Equal([0, 0, 0], padded.Row(80)[..3].ToArray());
    }

    [Theory]
    [InlineData(CropRounding.Floor, 2, 3)]
    [InlineData(CropRounding.HalfToEven, 1, 2)]
    public void SmallImagesArePaddedAsTheOriginsPad(CropRounding rounding, int left, int top)
    {
        using Image image = new(5, 4);
        image.Rgb.Fill(200);
        Preprocess crop = new() { Height = 9, Width = 8, ResizeMode = ResizeMode.None, CropRounding = rounding };
        using Image result = crop.ApplyGeometry(image);
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 8; x++)
                Assert.Equal(x >= left && x < left + 5 && y >= top && y < top + 4 ? 200 : 0, result.Row(y)[x * 3]);
    }

    [Theory]
    [InlineData(9, 6, CropRounding.Floor, 1)]
    [InlineData(9, 6, CropRounding.HalfToEven, 2)]
    [InlineData(11, 6, CropRounding.HalfToEven, 2)]
    [InlineData(13, 6, CropRounding.HalfToEven, 4)]
    [InlineData(13, 6, CropRounding.Floor, 3)]
    public void OddCropsLieWhereTheOriginsPutThem(int size, int crop, CropRounding rounding, int offset)
    {
        using Image image = new(size, size);
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++) (image.Row(y)[x * 3], image.Row(y)[x * 3 + 1]) = ((byte)x, (byte)y);
        Preprocess preprocess = new() { Height = crop, Width = crop, ResizeMode = ResizeMode.None, CropRounding = rounding };
        using Image result = preprocess.ApplyGeometry(image);
        Assert.Equal((offset, offset), (result.Rgb[0], result.Rgb[1]));
    }

    [Fact]
    public void NormalizeGivesPlanesInTheNetworksOrder()
    {
        using Image image = new(3, 2);
        for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)(i * 13);
        Preprocess preprocess = new() { Height = 2, Width = 3 };
        float[] values = new float[18], swapped = new float[18];
        preprocess.Normalize(image, values);
        (preprocess with { SwapRedBlue = true }).Normalize(image, swapped);
        for (int channel = 0; channel < 3; channel++)
            for (int i = 0; i < 6; i++)
            {
                float mean = preprocess.Mean[channel], std = preprocess.Std[channel];
                Assert.Equal((image.Rgb[i * 3 + channel] / 255f - mean) / std, values[channel * 6 + i]);
                Assert.Equal((image.Rgb[i * 3 + 2 - channel] / 255f - mean) / std, swapped[channel * 6 + i]);
            }
        Assert.Throws<ArgumentException>(() => preprocess.Normalize(image, new float[17]));
        Assert.Throws<ArgumentException>(() => (preprocess with { Width = 4 }).Normalize(image, new float[24]));
    }

    [Theory]
    [InlineData("not json", "not valid JSON")]
    [InlineData("[]", "expected an object, found array")]
    [InlineData("""{"size": -3}""", "size: expected pixels from 1 to 16384, found -3")]
    [InlineData("""{"size": {"side": 3}}""", "size: expected a number, or height and width, or shortest_edge")]
    [InlineData("""{"size": 32, "resample": 17}""", "resample: expected a filter's number")]
    [InlineData("""{"size": 32, "image_mean": [1, 2]}""", "image_mean: expected 3 numbers")]
    [InlineData("""{"size": 32, "do_resize": "yes"}""", "do_resize: expected true or false")]
    [InlineData("""{"size": 32, "crop_pct": 0}""", "crop_pct: expected a fraction")]
    [InlineData("""{"graft": {"height": 3}}""", "graft: damaged")]
    public void DamagedFilesAreNamed(string json, string expected)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Preprocess.FromHuggingFace(json));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void UnknownProcessorsAreRefused()
    {
        Assert.Throws<NotSupportedException>(
            () => Preprocess.FromHuggingFace("""{"image_processor_type": "SamImageProcessor"}"""));
        Assert.Throws<NotSupportedException>(() => Preprocess.FromHuggingFace("{}", "sam"));
        Assert.Throws<NotSupportedException>(() => Timm("""{"input_size": [4, 28, 28]}"""));
        Assert.Throws<NotSupportedException>(() => Timm("""{"crop_mode": "spiral"}"""));
    }

    [Fact]
    public void GreyIsPillowsLuma()
    {
        Preprocess grey = Timm("""{"input_size": [1, 1, 2], "mean": [0.5], "std": [0.25], "crop_pct": 1}""");
        Assert.Equal(1, grey.Channels);
        using Image image = new(2, 1, [10, 200, 30, 255, 255, 255]);
        float[] planar = new float[2], interleaved = new float[2];
        grey.Normalize(image, planar);
        grey.NormalizeInterleaved(image, interleaved);
        // Pillow: L = (19595 R + 38470 G + 7471 B + 32768) >> 16
        Assert.Equal([(124 / 255f - 0.5f) / 0.25f, (1 - 0.5f) / 0.25f], planar);
        Assert.Equal(planar, interleaved);
        Assert.Equal(grey, Preprocess.FromHuggingFace(grey.ToHuggingFaceJson()));
    }

    [Fact]
    public void ImagesThatCannotComeToTheSizeAreRefused()
    {
        using Image image = new(5, 5);
        Preprocess strict = new() { Height = 4, Width = 4, ResizeMode = ResizeMode.None, CenterCrop = false };
        Assert.Throws<InvalidDataException>(() => strict.ApplyGeometry(image));
    }
}
