using Graft.Data;
using Graft.Imaging;

namespace Graft.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Photos()
    {
        for (int label = 0; label < 2; label++)
        {
            string place = folder.Path("photos", label == 0 ? "ants" : "bees");
            Directory.CreateDirectory(place);
            for (int number = 0; number < 3; number++)
            {
                using Image image = new(60, 44);
                for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)(i * (label + 2) + number * 40);
                File.WriteAllBytes(Path.Combine(place, $"{number}.png"), ImageCodec.EncodePng(image));
            }
        }
        return folder.Path("photos");
    }

    [Fact]
    public void The_sheet_has_the_very_pixels_that_training_sees()
    {
        string photos = Photos(), sheet = folder.Path("sheet.png");
        (int code, string output, string error) = Shell.Run("data", "preview", photos, "--out", sheet, "--image-size", "96",
            "--count", "3", "--versions", "2", "--augment", "fastai", "--seed", "9");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Equal($"{sheet}: 3 images\n", output);
        using Image drawn = ImageCodec.Load(sheet);
        Assert.Equal((6 + 3 * (96 + 6) + 6, 6 + 3 * (96 + 20 + 6)), (drawn.Width, drawn.Height));

        ImageDataset all = ImageFolder.Open(photos).All!;
        Preprocess preprocess = Preprocess.ImageNet(96);
        SamplePipeline pipeline = new(preprocess)
        {
            Transforms = TrainingTransforms.Build(new() { Preset = "fastai" }, preprocess),
            Seed = 9,
        };
        using Image cell = drawn.Crop(6 + 96 + 12, 6, 96, 96);
        bool found = false;
        foreach (Sample sample in all.Samples.Where(sample => sample.Label == 0))
        {
            using Image seen = pipeline.ReadImage(sample, epoch: 0);
            found |= seen.Rgb.SequenceEqual(cell.Rgb);
        }
        Assert.True(found);
        using Image caption = drawn.Crop(6, 6 + 96, 96, 20); // "ANTS" below the picture
        Assert.Contains((byte)40, caption.Rgb.ToArray());
    }

    [Fact]
    public void A_page_shows_mixed_images_with_their_shares_and_stands_alone()
    {
        string page = folder.Path("sheet.html");
        (int code, string output, string error) = Shell.Run("data", "preview", "--augment", Photos(), "--out", page,
            "--image-size", "32", "--count", "4", "--mixup", "1", "--cutmix", "1");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("4 images", output);
        string html = File.ReadAllText(page);
        Assert.Equal(4 * 7, html.Split("<img ").Length - 1);
        Assert.DoesNotContain("src=\"http", html);
        Assert.Matches(@"0\.\d\d ants 0\.\d\d bees", html);
    }

    [Fact]
    public void Images_with_masks_have_their_classes_laid_over_them()
    {
        using Image photo = new(64, 64);
        photo.Rgb.Fill(120);
        using IndexMask mask = new(64, 64);
        for (int y = 20; y < 50; y++) mask.Row(y)[10..40].Fill(2);
        string root = folder.Path("masked"), sheet = folder.Path("sheet.png");
        Directory.CreateDirectory(Path.Combine(root, "images"));
        Directory.CreateDirectory(Path.Combine(root, "masks"));
        foreach (string name in (string[])["a", "b"])
        {
            File.WriteAllBytes(Path.Combine(root, "images", name + ".png"), ImageCodec.EncodePng(photo));
            File.WriteAllBytes(Path.Combine(root, "masks", name + ".png"), MaskCodec.EncodePng(mask));
        }
        File.WriteAllText(
            Path.Combine(root, "classes.json"), """{"sky": [0, 0, 255], "sea": [0, 255, 0], "boat": [255, 0, 0]}""");
        (int code, string output, string error) = Shell.Run(
            "data", "preview", root, "--out", sheet, "--crop", "32,32", "--versions", "2", "--count", "1");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Equal($"{sheet}: 1 images\n", output);
        using Image drawn = ImageCodec.Load(sheet), cell = drawn.Crop(6, 6, 64, 64);
        MaskPainter painter = new(["sky", "sea", "boat"], [new(0, 0, 255), new(0, 255, 0), new(255, 0, 0)]);
        using Image overlay = painter.Overlay(photo, mask), legend = painter.Legend(drawn.Width, [0, 2]);
        Assert.Equal(overlay.Rgb, cell.Rgb);
        Assert.Equal(legend.Rgb, drawn.Rgb[^legend.Rgb.Length..]);
        (code, _, error) = Shell.Run("data", "preview", root, "--out", sheet, "--mixup", "1");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("mixup", error);
        string page = folder.Path("masked.html");
        Assert.Equal(ExitCode.Success, Shell.Run("data", "preview", root, "--out", page, "--count", "1", "--versions", "1").Code);
        Assert.Equal(3, File.ReadAllText(page).Split("<img ").Length - 1);
    }

    [Theory]
    [InlineData("expected a file named .png, .jpg or .html", "--out", "sheet.gif")]
    [InlineData("--augment and --no-augment exclude each other", "--out", "a.png", "--augment", "--no-augment")]
    [InlineData("--augment light and --augmentation exclude each other",
        "--out", "a.png", "--augment", "light", "--augmentation", "a.yaml")]
    [InlineData("no preset is named 'fastia'", "--out", "a.png", "--augment", "fastia")]
    [InlineData("came 'x'", "--out", "a.png", "--augment", "fastai:max_rotate=x")]
    [InlineData("--resize: expected crop, squish or pad, got 'squash'", "--out", "a.png", "--resize", "squash")]
    [InlineData("--crop-scale: expected LOW,HIGH from above 0 to 1, such as 0.35,1; got '1,0.5'", "--out", "a.png",
        "--crop-scale", "1,0.5")]
    [InlineData("--mix-prob belongs to --mixup or --cutmix", "--out", "a.png", "--mix-prob", "0.5")]
    [InlineData("--mix-switch belongs to --mixup and --cutmix together", "--out", "a.png", "--mixup", "1", "--mix-switch", "0.5")]
    [InlineData("no such file", "--out", "a.png", "--augmentation", "absent.yaml")]
    public void Mistakes_are_one_line(string expected, params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(["data", "preview", Photos(), .. arguments]);
        Assert.NotEqual(ExitCode.Success, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.False(File.Exists("a.png"));
    }

    [Fact]
    public void A_file_with_a_mistake_is_named_with_its_line()
    {
        string file = folder.Path("mine.yaml");
        File.WriteAllText(file, "- hflip\n- rotate: {degree: 3}\n");
        (int code, _, string error) =
            Shell.Run("data", "preview", Photos(), "--out", folder.Path("a.png"), "--augmentation", file);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("mine.yaml:2: rotate: no parameter is named 'degree'; expected degrees, filter.", error);
    }

    [Fact]
    public void Presets_and_transforms_are_listed()
    {
        (int code, string output, _) = Shell.Run("data", "augmentations");
        Assert.Equal(ExitCode.Success, code);
        foreach (AugmentationPreset preset in AugmentationPresets.All) Assert.Contains(preset.Name, output);
        foreach (TransformEntry entry in AugmentationList.All) Assert.Contains($"- {entry.Name}: {entry.Summary}", output);
        (code, output, _) = Shell.Run("data", "augmentations", "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal(AugmentationList.All.Count, json.RootElement.GetProperty("transforms").GetArrayLength());
        Assert.Equal(ExitCode.Usage, Shell.Run("data").Code);
    }

    [Theory]
    [InlineData("expected a number of views from 1 to 256, or flip; got 'x'", "--tta=x")]
    [InlineData("--tta is given more than once", "--tta", "2", "--tta", "3")]
    public void Wrong_views_are_told(string expected, params string[] arguments)
    {
        (int code, _, string error) = Shell.Run(["predict", "nowhere", "nothing.png", .. arguments]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error);
    }
}
