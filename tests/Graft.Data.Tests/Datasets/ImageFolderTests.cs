using Graft.Tests;

namespace Graft.Data.Tests;

public class ImageFolderTests
{
    [Fact]
    public void ClassFoldersAreRead()
    {
        using ScratchFolder scratch = new();
        scratch.Draw("dogs/b.png").Draw("dogs/a.PNG").Draw("Cats of Zürich/deep/er/x.jpg").Draw("Cats of Zürich/z.png")
            .Write("dogs/notes.txt", [1]).Write("dogs/.DS_Store", [1]).Write("dogs/Thumbs.db", [1]).Write(".hidden/a.png", [1]);
        ImageFolder folder = ImageFolder.Open(scratch.Path);
        Assert.Equal(["Cats of Zürich", "dogs"], folder.Classes);
        Assert.Null(folder.Train);
        Assert.Equal(
            ["Cats of Zürich/z.png", "Cats of Zürich/deep/er/x.jpg", "dogs/a.PNG", "dogs/b.png"],
            folder.All!.Samples.Select(sample => sample.Name));
        Assert.Equal([0, 0, 1, 1], folder.All.Samples.Select(sample => sample.Label));
        Assert.Equal([0, 1, 2, 3], folder.All.Samples.Select(sample => sample.Index));
        Assert.All(folder.All.Samples, sample => Assert.True(File.Exists(sample.Path)));
        Assert.Equal([2, 2], folder.All.CountsByClass());
        Assert.Equal(1, folder.OtherFiles);
    }

    [Fact]
    public void PartsAreRead()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("Train", 3, "a", "b").Fill("valid", 2, "a", "b").Fill("test", 1, "a", "b").Draw("extra/x.png");
        ImageFolder folder = ImageFolder.Open(scratch.Path);
        Assert.Null(folder.All);
        Assert.Equal(6, folder.Train!.Count);
        Assert.Equal(4, folder.Validation!.Count);
        Assert.Equal(2, folder.Test!.Count);
        Assert.Equal("a/000.png", folder.Validation.Samples[0].Name);
        Assert.Contains("extra", Assert.Single(folder.Notes));
        (ImageDataset train, ImageDataset validation) = folder.TrainAndValidation(0.5, seed: 1);
        Assert.Same(folder.Train, train);
        Assert.Same(folder.Validation, validation);
        Assert.Same(folder.Test, folder.ForEvaluation());
    }

    [Fact]
    public void AClassMayBeCalledTrain()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("", 2, "bus", "train").Draw("train/steam/x.png");
        Assert.Equal(["bus", "train"], ImageFolder.Open(scratch.Path).Classes);
    }

    [Fact]
    public void PartsAreNeverTakenForClasses()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("stray/train", 2, "a", "b").Fill("stray/val", 1, "a", "b").Draw("stray/train/overview.png");
        scratch.Fill("flat", 3, "train", "val", "test");
        scratch.Fill("kaggle/train", 2, "a", "b").Draw("kaggle/test/1.png");
        ImageFolder stray = ImageFolder.Open(scratch.Full("stray"));
        Assert.Equal(["a", "b"], stray.Classes);
        Assert.Contains("1 image outside of the class folders", Assert.Single(stray.Notes));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ImageFolder.Open(scratch.Full("flat")));
        Assert.Contains("expected class folders below test, train, val, found none", error.Message);
        ImageFolder kaggle = ImageFolder.Open(scratch.Full("kaggle"));
        Assert.Null(kaggle.Test);
        Assert.Equal(4, kaggle.Train!.Count);
        Assert.Contains("passed over test beside train", Assert.Single(kaggle.Notes));
    }

    [Fact]
    public void WithoutValidationAShareOfTheTrainingIsPutAside()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("train", 10, "a", "b").Fill("test", 1, "a", "b");
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(scratch.Path).TrainAndValidation(0.2, seed: 1);
        Assert.Equal([8, 8], train.CountsByClass());
        Assert.Equal([2, 2], validation.CountsByClass());
        Assert.All(train.Samples.Index(), pair => Assert.Equal(pair.Index, pair.Item.Index));
    }

    [Fact]
    public void OrderIsThatOfCodePoints()
    {
        // U+FF01 comes before U+1F41C (an ant), though the latter's first UTF-16 unit is smaller.
        using ScratchFolder scratch = new();
        scratch.Fill("", 1, "\U0001F41C", "！", "a", "B", "Z", "ä");
        Assert.Equal(["B", "Z", "a", "ä", "！", "\U0001F41C"], ImageFolder.Open(scratch.Path).Classes);
    }

    [Fact]
    public void LinksAreFollowedAndLoopsEnd()
    {
        using ScratchFolder scratch = new();
        using ScratchFolder elsewhere = new();
        elsewhere.Draw("more/y.png");
        scratch.Fill("", 1, "a", "b");
        Directory.CreateSymbolicLink(scratch.Full("a/linked"), elsewhere.Path);
        Directory.CreateSymbolicLink(elsewhere.Full("more/back"), scratch.Full("a"));
        File.CreateSymbolicLink(scratch.Full("b/file.png"), elsewhere.Full("more/y.png"));
        ImageFolder folder = ImageFolder.Open(scratch.Path);
        Assert.Equal(
            ["a/000.png", "a/linked/more/y.png", "b/000.png", "b/file.png"], folder.All!.Samples.Select(sample => sample.Name));
    }

    [Fact]
    public void MistakesAreToldInOneLine()
    {
        using ScratchFolder scratch = new();
        scratch.Make("empty").Draw("flat/a.png").Draw("flat/b.png").Fill("one", 2, "ants").Write("text/readme.txt", [1]);
        scratch.Fill("hollow", 1, "a", "b").Make("hollow/c").Make("nothing/a").Make("nothing/b");
        scratch.Fill("untrained/val", 2, "a", "b");
        scratch.Fill("other/train", 1, "a", "b", "c").Fill("other/val", 1, "a", "b", "d");
        scratch.Fill("twice/train", 1, "a", "b").Fill("twice/val", 1, "a", "b").Fill("twice/valid", 1, "a", "b");
        Assert.Contains("no such folder", Error<DirectoryNotFoundException>("missing"));
        Assert.Contains("found a file", Error<DirectoryNotFoundException>("flat/a.png"));
        Assert.Contains("an empty folder", Error<InvalidDataException>("empty"));
        Assert.Contains("found 2 images but no class folders", Error<InvalidDataException>("flat"));
        Assert.Contains("expected at least 2 classes, found only 'ants'", Error<InvalidDataException>("one"));
        Assert.Contains("found no image and 1 other file.", Error<InvalidDataException>("text"));
        Assert.Contains("in the class folder c.", Error<InvalidDataException>("hollow"));
        Assert.Contains("found 2 folders (a, b), none with images", Error<InvalidDataException>("nothing"));
        string differs = Error<InvalidDataException>("other");
        Assert.Contains("val lacks c; val has d, which train has not", differs);
        Assert.Contains("val, valid", Error<InvalidDataException>("twice"));
        ImageFolder untrained = ImageFolder.Open(scratch.Full("untrained"));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => untrained.TrainAndValidation());
        Assert.Contains("expected a folder train beside val", error.Message);
        Assert.Equal(["ants"], ImageFolder.Open(scratch.Full("one"), minimumClasses: 1).Classes);

        string Error<T>(string name) where T : Exception
        {
            string message = Assert.Throws<T>(() => ImageFolder.Open(scratch.Full(name))).Message;
            Assert.DoesNotContain('\n', message);
            Assert.StartsWith(scratch.Full(name), message, StringComparison.Ordinal);
            return message;
        }
    }

    [Fact]
    public void LabelsOfAModelAreMatchedByName()
    {
        using ScratchFolder scratch = new();
        scratch.Fill("", 2, "a", "c");
        ImageDataset dataset = ImageFolder.Open(scratch.Path).All!;
        ImageDataset matched = dataset.WithClasses(["c", "b", "a"]);
        Assert.Equal([2, 2, 0, 0], matched.Samples.Select(sample => sample.Label));
        Assert.Equal([2, 0, 2], matched.CountsByClass());
        Assert.Contains("found c", Assert.Throws<InvalidDataException>(() => dataset.WithClasses(["a", "b"])).Message);
    }

    [Fact]
    public void TheListingsHashChangesWithNamesLabelsAndSizes()
    {
        using ScratchFolder scratch = new(), copy = new();
        scratch.Fill("", 2, "a", "b");
        copy.Fill("", 2, "a", "b");
        ImageDataset dataset = ImageFolder.Open(scratch.Path).All!;
        string hash = dataset.ListingHash();
        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal(hash, ImageFolder.Open(copy.Path).All!.ListingHash());
        Assert.Equal(hash, new ImageDataset("x", dataset.Samples.Reverse(), dataset.Classes).ListingHash());
        copy.Draw("b/000.png", seed: 99, width: 77);
        Assert.NotEqual(hash, ImageFolder.Open(copy.Path).All!.ListingHash());
        copy.Fill("", 2, "a", "b");
        Assert.Equal(hash, ImageFolder.Open(copy.Path).All!.ListingHash());
        File.Move(copy.Full("a/001.png"), copy.Full("a/002.png"));
        Assert.NotEqual(hash, ImageFolder.Open(copy.Path).All!.ListingHash());
    }

    [Fact]
    public void HymenopteraIsReadAsTorchvisionReadsIt()
    {
        ImageFolder folder = ImageFolder.Open(SharedFiles.Require("data/hymenoptera"));
        Assert.Equal(["ants", "bees"], folder.Classes);
        Assert.Equal(244, folder.Train!.Count);
        Assert.Equal(153, folder.Validation!.Count);
        foreach (Sample sample in folder.Train.Samples)
            Assert.Equal(sample.Name.StartsWith("ants/", StringComparison.Ordinal) ? 0 : 1, sample.Label);
    }
}
