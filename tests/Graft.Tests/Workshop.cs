using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;
using Graft.Training;

namespace Graft.Tests;

/// <summary>A folder that goes away, with small generated photos and small models of random weights in it.</summary>
sealed class Workshop : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("graft-test-").FullName;

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>What lies in the folder, hidden files too.</summary>
    public string[] Entries =>
        [.. Directory.EnumerateFileSystemEntries(Root).Select(entry => System.IO.Path.GetFileName(entry)).Order()];

    /// <summary>Classes that differ in the direction of their stripes: colour and brightness say nothing.</summary>
    public string Photos(string name = "photos", int perClass = 24, params string[] classes)
    {
        if (classes.Length == 0) classes = ["across", "down"];
        for (int label = 0; label < classes.Length; label++)
            for (int i = 0; i < perClass; i++) Photo(label, i, name, classes[label], $"{i:000}.png");
        return Path(name);
    }

    public string Photo(int label, int number, params string[] place)
    {
        var random = new Random(label * 1000 + number);
        int side = 36 + random.Next(8), period = 4 + random.Next(3), phase = random.Next(8);
        using var image = new Image(side, side);
        byte[] dark = new byte[3], light = new byte[3];
        random.NextBytes(dark);
        for (int c = 0; c < 3; c++) light[c] = (byte)(dark[c] + 110);
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
            {
                int at = label switch { 0 => y, 1 => x, 2 => x + y, _ => x - y + side };
                byte[] colour = (at + phase) / period % 2 == 0 ? dark : light;
                for (int c = 0; c < 3; c++) image.Rgb[(y * side + x) * 3 + c] = (byte)(colour[c] + random.Next(12));
            }
        string path = Path(place);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ImageCodec.EncodePng(image));
        return path;
    }

    /// <summary>A small residual network with a head of three classes, saved as any other tool's would be.</summary>
    public string Model(string name = "model", double dropout = 0)
    {
        var config = new ResNet.Config
        {
            Depths = [1, 1, 1],
            Widths = [8, 16, 24],
            Bottlenecks = [false, false, false],
            StemWidths = [8],
            Dropout = dropout,
        };
        var preprocess = Preprocess.TorchVision(cropSize: 32, resizeSize: 36);
        using ImageModel model = ModelZoo.Create(new ResNet(), config, Origin.Timm, preprocess, ["x", "y", "z"], seed: 3);
        ModelSaver.Save(model, Path(name));
        return Path(name);
    }

    /// <summary>Settings that train such a model on such photos in about a second.</summary>
    public JobConfig Job(TrainingMode mode = TrainingMode.FineTune, string? photos = null) => new()
    {
        Data = photos ?? Photos(),
        Model = Model(),
        Mode = mode,
        Output = Path("run"),
        Epochs = 3,
        LearningRate = mode == TrainingMode.Probe ? null : 0.02,
        BatchSize = 8,
        Augment = false,
        KeepStatistics = false, // those of random weights are none
        Seed = 5,
        Device = "cpu",
        Precision = PrecisionKind.Fp32, // the same on any processor
    };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
