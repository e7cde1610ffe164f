using Graft.Imaging;

namespace Graft.Tests;

public class AugmentationFileTests
{
    [Fact]
    public void AListOfTransformsKeepsItsOrderAndItsParameters()
    {
        AugmentationSettings settings = AugmentationFile.Parse("""
            - random_resized_crop: {scale: [0.35, 1], ratio: [1, 1]}
            - hflip
            - fastai:
                max_rotate: 2e1
                method: squish
            """);
        Assert.Equal(["random_resized_crop", "hflip", "fastai"], settings.Transforms!.Select(step => step.Name));
        TransformList made = TrainingTransforms.Build(settings, Preprocess.ImageNet(32));
        RandomResizedCrop crop = Assert.IsType<RandomResizedCrop>(made[0]);
        Assert.Equal((0.35, 1.0, 1.0, 32), (crop.MinimumScale, crop.MaximumScale, crop.MinimumRatio, crop.Height));
        Assert.Equal(new RandomHorizontalFlip(0.5f), made[1]);
        FastaiAugmentation fastai = Assert.IsType<FastaiAugmentation>(made[2]);
        Assert.Equal((20.0, ResizeMethod.Squish), (fastai.MaximumRotation, fastai.Method));
    }

    [Fact]
    public void SettingsStandBesideTheTransforms()
    {
        AugmentationSettings settings = AugmentationFile.Parse("""
            transforms: [center]
            resize: pad
            hflip: 0.5
            vflip: 0.25
            crop_scale: [0.5, 0.9]
            mixup: 0.2
            cutmix: 1
            mix_prob: 0.5
            mix_switch: 0.3
            """);
        Assert.Equal(ResizeMethod.Pad, settings.Resize);
        Assert.Equal((0.5, 0.25), (settings.HorizontalFlip!.Value, settings.VerticalFlip));
        Assert.Equal((0.5, 0.9), (settings.MinimumCrop!.Value, settings.MaximumCrop));
        Assert.Equal((0.2, 1.0, 0.5, 0.3), (settings.MixUp, settings.CutMix, settings.MixProbability, settings.MixSwitch));
        Assert.Equal("fastai:max_warp=0", AugmentationFile.Parse("preset: fastai:max_warp=0").Preset);
    }

    [Theory]
    [InlineData("- hflip\n- hflop", "file.yaml:2: augmentation: no transform is named 'hflop'. Did you mean hflip")]
    [InlineData("- hflip: {q: 1}", "file.yaml:1: hflip: no parameter is named 'q'; expected p")]
    [InlineData("- hflip\n- hflip:\n    p: 2", "file.yaml:2: hflip: p: expected a number from 0 to 1, came '2'.")]
    [InlineData("- random_resized_crop: {scale: [0.9, 0.1]}",
        "file.yaml:1: random_resized_crop: scale: expected a range LOW,HIGH from 0.001 to 1, came '0.9,0.1'.")]
    [InlineData("- resize: {method: squash}", "file.yaml:1: resize: method: expected one of crop, squish, pad, came 'squash'.")]
    [InlineData("- hflip: 0.5", "file.yaml:1: hflip: expected its parameters with their names")]
    [InlineData("mixup: 0.2\nmix_up: 0.2", "file.yaml:2: no key is named 'mix_up'; expected one of preset, transforms")]
    [InlineData("mixup: a lot", "file.yaml:1: mixup: expected a number, found 'a lot'.")]
    [InlineData("mixup: -1", "file.yaml:1: MixUp's alpha: expected from 0 to 100, came -1.")]
    [InlineData("resize: squash", "file.yaml:1: resize: expected crop, squish or pad, found 'squash'.")]
    [InlineData("crop_scale: 0.5", "file.yaml:1: crop_scale: expected two numbers, [low, high].")]
    [InlineData("preset: fastia", "file.yaml:1: augmentation: no preset is named 'fastia'")]
    [InlineData("preset: light:a=1", "file.yaml:1: augmentation: light takes no arguments")]
    [InlineData("preset: light\ntransforms: [hflip]", "file.yaml:1: augmentation: a preset (light) and a list")]
    [InlineData("just words", "file.yaml:1: expected a list of transforms, or settings.")]
    [InlineData("", "file.yaml: expected a list of transforms, found nothing.")]
    [InlineData("- a\n b: [", "file.yaml:2: not YAML")]
    public void MistakesNameTheLine(string text, string expected)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => AugmentationFile.Parse(text, "file.yaml"));
        Assert.StartsWith(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        AugmentationSettings strong = AugmentationFile.Parse(AugmentationFile.Text(
            TrainingTransforms.Steps(new() { Preset = "strong", MinimumCrop = 0.35 })));
        Assert.Equal(["random_resized_crop: {scale: [0.35, 1]}", "hflip: {p: 0.5}", "randaugment", "erase: {p: 0.25}"],
            strong.Transforms!.Select(step => step.ToString()));
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => AugmentationFile.Read("/nowhere/a.yaml"));
        Assert.Contains("/nowhere/a.yaml", error.Message);
    }
}
