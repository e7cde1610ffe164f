using System.Text.Json;
using Graft.Imaging;

namespace Graft.Tests;

public class AugmentationPresetTests
{
    static readonly Preprocess small = Preprocess.ImageNet(32);

    static string Steps(AugmentationSettings settings, bool augments = true) => string.Join(" ",
        TrainingTransforms.Steps(settings, augments).Select(step => step.Parameters.Count == 0 ? step.Name
            : $"{step.Name}({string.Join(" ", step.Parameters.Select(one => $"{one.Key}={one.Value}"))})"));

    [Fact]
    public void WithoutAnySettingsTheTransformsAreTorchvisions()
    {
        Assert.Equal("random_resized_crop(scale=0.08,1) hflip(p=0.5)", Steps(new()));
        Assert.Equal("", Steps(new(), augments: false));
        TransformList made = TrainingTransforms.Build(new(), small);
        TransformList usual = Data.SamplePipeline.Training(small, seed: 0).Transforms;
        Assert.Equal(usual.Select(one => one.ToString()), made.Select(one => one.ToString()));
    }

    [Fact]
    public void FlagsChangeAPreset()
    {
        AugmentationSettings flags = new() { HorizontalFlip = 0, VerticalFlip = 0.5, MinimumCrop = 0.35 };
        Assert.Equal("random_resized_crop(scale=0.35,1) vflip(p=0.5)", Steps(flags));
        Assert.Equal("resize(method=squish) hflip(p=0.5)", Steps(new() { Resize = ResizeMethod.Squish }));
        Assert.Equal("random_resized_crop(scale=0.5,1) hflip(p=0.5)",
            Steps(new() { Resize = ResizeMethod.Squish, MinimumCrop = 0.5 }));
        Assert.Equal("fastai(method=pad flip=0.1 max_rotate=20)",
            Steps(new() { Preset = "fastai:max_rotate=20", Resize = ResizeMethod.Pad, HorizontalFlip = 0.1 }));
        Assert.Equal("center hflip(p=1)", Steps(new() { Preset = "none", HorizontalFlip = 1 }));
        Assert.Equal("center hflip(p=0.25)",
            Steps(new() { Transforms = [new TransformSettings("center")], HorizontalFlip = 0.25 }));
    }

    [Fact]
    public void PoliciesTakeTheirArguments()
    {
        const string Light = "random_resized_crop(scale=0.08,1) hflip(p=0.5)";
        Assert.Equal($"{Light} autoaugment(policy=cifar10)", Steps(new() { Preset = "autoaugment:cifar10" }));
        Assert.Equal($"{Light} randaugment(n=1 m=5) erase(p=0.1)", Steps(new() { Preset = "randaugment:n=1,m=5", Erase = 0.1 }));
        Assert.Equal($"{Light} randaugment erase(p=0.25)", Steps(new() { Preset = "strong" }));
        TransformList made = TrainingTransforms.Build(new() { Preset = "randaugment:n=1,m=5" }, small);
        Assert.Equal(new RandAugment(1, 5), made[2]);
        Assert.Equal(new AutoAugment(AutoAugmentPolicy.Svhn),
            TrainingTransforms.Build(new() { Preset = "autoaugment:svhn" }, small)[2]);
    }

    [Fact]
    public void OneNumberStandsForARangeAroundZero()
    {
        IImageTransform Rotation(string degrees) => AugmentationList.Create(new TransformSettings("rotate")
        {
            Parameters = new Dictionary<string, string> { ["degrees"] = degrees },
        }, small);
        Assert.Equal(Rotation("-15,15"), Rotation("15"));
        Assert.NotEqual(Rotation("-5,15"), Rotation("15"));
        Assert.Throws<ArgumentException>(() => Rotation("1,2,3"));
    }

    [Fact]
    public void EveryPresetMakesImagesOfTheInputsSize()
    {
        using Image image = new(57, 41);
        for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)(i * 7);
        foreach (AugmentationPreset preset in AugmentationPresets.All)
        {
            TransformList made = TrainingTransforms.Build(new() { Preset = preset.Name }, small);
            for (ulong sample = 0; sample < 8; sample++)
            {
                SampleRandom random = new(1, 0, sample), again = new(1, 0, sample);
                if (made.Count == 0) continue;
                Image one = made.Apply(image, ref random), two = made.Apply(image, ref again);
                Assert.Equal((32, 32), (one.Width, one.Height));
                Assert.True(one.Rgb.SequenceEqual(two.Rgb), $"{preset.Name}: the same draws, other pixels");
                one.Dispose();
                two.Dispose();
            }
        }
    }

    [Fact]
    public void EveryTransformIsMadeFromItsDefaultsAndSaysWhatItTakes()
    {
        Assert.Equal(AugmentationList.All.Count, AugmentationList.All.Select(entry => entry.Name).Distinct().Count());
        foreach (TransformEntry entry in AugmentationList.All)
        {
            Assert.NotNull(AugmentationList.Create(new TransformSettings(entry.Name), small));
            Assert.All(entry.Parameters, parameter => Assert.NotEmpty(parameter.Meaning));
        }
    }

    [Theory]
    [InlineData("lihgt", "no preset is named 'lihgt'; expected one of none, light")]
    [InlineData("fastai:max_rotat=3", "fastai: no parameter is named 'max_rotat'")]
    [InlineData("fastai:max_rotate=x", "fastai: max_rotate: expected a number from 0 to 180, came 'x'.")]
    [InlineData("fastai:flip=1,flip=0", "fastai: flip is given twice")]
    [InlineData("none:1", "none takes no arguments")]
    [InlineData("randaugment:n=1.5", "randaugment: n: expected a whole number from 0 to 14, came '1.5'.")]
    [InlineData("autoaugment:mnist", "autoaugment: policy: expected one of imagenet, cifar10, svhn, came 'mnist'.")]
    public void MistakesAreNamed(string preset, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AugmentationSettings { Preset = preset }.Validate());
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void SettingsSurviveJson()
    {
        AugmentationSettings settings = new()
        {
            Transforms = [new("hflip") { Parameters = new Dictionary<string, string> { ["p"] = "0.25" } }],
            Resize = ResizeMethod.Pad,
            MixUp = 0.2,
            MinimumCrop = 0.3,
        };
        string text = JsonSerializer.Serialize(settings);
        AugmentationSettings back = JsonSerializer.Deserialize<AugmentationSettings>(text)!;
        Assert.Equal(text, JsonSerializer.Serialize(back));
        Assert.Equal("0.25", back.Transforms![0].Parameters["p"]);
    }
}
