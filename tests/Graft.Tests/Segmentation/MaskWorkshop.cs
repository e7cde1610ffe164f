using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;
using Graft.Models.Segmentation;

namespace Graft.Tests;

/// <summary>Small generated images with masks, and small networks of random weights for them, in a folder that goes
/// away.</summary>
sealed class MaskWorkshop : IDisposable
{
    const int Height = 48, Width = 64;

    readonly Workshop workshop = new();

    public string Root => workshop.Root;

    public string Path(params string[] parts) => workshop.Path(parts);

    /// <summary>A disc of class 1 and a square of class 2 on noise; some pixels of their edges do not count.</summary>
    public string Shapes(string name = "shapes", int training = 8, int validation = 3, bool asOne = false)
    {
        for (int i = 0; i < training; i++) Pair(i, name, asOne ? "" : "train");
        for (int i = 0; i < validation; i++) Pair(asOne ? i : 1000 + i, name, asOne ? "" : "val");
        return Path(name);
    }

    /// <summary>One image with its mask.</summary>
    public void Pair(int number, string name, string part)
    {
        var random = new Random(number);
        using var image = new Image(Width, Height);
        using var mask = new IndexMask(Width, Height);
        random.NextBytes(image.Rgb[..(Width * Height * 3)]);
        for (int i = 0; i < Width * Height * 3; i++) image.Rgb[i] /= 4;
        Draw(1, (200, 60, 50), (x, y, r) => x * x + y * y <= r * r);
        Draw(2, (40, 70, 220), (x, y, r) => Math.Abs(x) <= r && Math.Abs(y) <= r);
        Save(ImageCodec.EncodePng(image), name, part, "images", $"{number:0000}.png");
        Save(MaskCodec.EncodePng(mask, MaskPalette.Of(3)), name, part, "masks", $"{number:0000}.png");

        void Draw(int label, (byte, byte, byte) colour, Func<int, int, int, bool> has)
        {
            int radius = 8 + random.Next(5), left = random.Next(12, Width - 12), top = random.Next(12, Height - 12);
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                {
                    int at = y * Width + x;
                    if (!has(x - left, y - top, radius))
                    {
                        if (has(x - left, y - top, radius + 1)) mask.Values[at] = IndexMask.Ignore;
                        continue;
                    }
                    mask.Values[at] = (ushort)label;
                    (image.Rgb[at * 3], image.Rgb[at * 3 + 1], image.Rgb[at * 3 + 2]) = colour;
                }
        }
    }

    public void Save(byte[] bytes, params string[] place)
    {
        string path = Path([.. place.Where(word => word.Length > 0)]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A small FCN with an auxiliary head for three classes, as torchvision's names have it.</summary>
    public string Network(string name = "fcn", bool auxiliary = true)
    {
        var whole = (Fcn.Config)ModelZoo.Variants.First(one => one.Name == "fcn_resnet50").Config;
        var trunk = (ResNet.Config)whole.Trunk.Config;
        Fcn.Config config = whole with
        {
            Trunk = whole.Trunk with { Config = trunk with { Depths = [1, 1, 1, 1], Widths = [8, 8, 16, 16] } },
            Auxiliary = auxiliary,
        };
        using ImageModel model = ModelZoo.Create(
            new Fcn(), config, Origin.TorchVision, Preprocess.TorchVisionSegmentation(64), ["x", "y", "z"], seed: 3);
        ModelSaver.Save(model, Path(name));
        return Path(name);
    }

    /// <summary>A small classifier, which gets a decoder.</summary>
    public string Classifier() => workshop.Model("classifier");

    /// <summary>Settings that train such a network on such images in about a second.</summary>
    public JobConfig Job(TrainingMode mode = TrainingMode.Full, string? data = null, string? model = null) => new()
    {
        Data = data ?? Shapes(),
        Model = model ?? Network(),
        Mode = mode,
        Output = Path("run"),
        Epochs = 2,
        LearningRate = 0.005,
        BatchSize = 2,
        KeepStatistics = false, // those of random weights are none
        Segmentation = new SegmentationSettings { Crop = new CropSettings(32, 40) },
        Seed = 5,
        Device = "cpu",
        Precision = PrecisionKind.Fp32, // the same on any processor
    };

    public void Dispose() => workshop.Dispose();
}
