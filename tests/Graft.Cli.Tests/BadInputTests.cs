using Graft.Imaging;

namespace Graft.Cli.Tests;

/// <summary>What can't be trained on or written to is told in one line, and nothing is left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "expected a first line with the columns' names, found an empty file")]
    [InlineData("image,label", "expected a row for each image, found none")]
    [InlineData("a.png,x\nb.png,y", "expected the columns' names, found an image, 'a.png'")]
    [InlineData("image,label\na.png,x\nb.png", "expected 2 cells as the first line has, found 1")]
    [InlineData("image,label\na.png,x\nb.png,x", "expected at least 2 classes, found only 'x'")]
    [InlineData("image,label\na.png,x\nb.png,", "line 3, column 'label': expected a label for b.png, found nothing")]
    [InlineData("image,label\na.png,x\nmissing.png,y", "missing.png")]
    [InlineData("image,label,split\na.png,x,train\nb.png,y,later", "expected train, val or test, found 'later'")]
    [InlineData("image,label\na.png,x\nb.png,y", "no column 'kind'. The columns are image, label", "--label-column", "kind")]
    [InlineData("image,label\na.png,x\nb.png,y", "no column 'size'", "--target-columns", "size")]
    [InlineData("image,size\na.png,3\nb.png,tall", "line 3, column 'size': expected a number, found 'tall'",
        "--target-columns", "size")]
    [InlineData("image,size\na.png,3\nb.png,", "line 3, column 'size': expected a number, found nothing",
        "--target-columns", "size")]
    [InlineData("image,tags\na.png,x;y\nb.png,x;;y", "expected labels with ';' between them, found an empty one",
        "--label-separator", ";")]
    [InlineData("image,size\na.png,3\nb.png,4", "numbers of mixed images mean nothing. Leave both out",
        "--target-columns", "size", "--mixup", "0.2")]
    public void A_table_that_says_nothing_is_refused(string table, string expected, params string[] more)
    {
        foreach (string name in (string[])["a.png", "b.png"])
        {
            using var image = new Image(32, 32);
            File.WriteAllBytes(folder.Path(name), ImageCodec.EncodePng(image));
        }
        File.WriteAllText(folder.Path("table.csv"), table);
        string line = Refusal([folder.Path("table.csv"), .. more]);
        Assert.Contains(expected, line);
    }

    [Fact]
    public void A_table_that_is_not_there_is_refused() =>
        Assert.Contains("no such file", Refusal([folder.Path("nowhere.csv")]));

    [Theory]
    [InlineData("beneath a file")]
    [InlineData("a file")]
    [InlineData("the system's")]
    public void A_folder_that_can_not_be_written_is_told(string what)
    {
        for (int i = 0; i < 8; i++)
        {
            using var image = new Image(32, 32);
            Directory.CreateDirectory(folder.Path("photos", $"{i % 2}"));
            File.WriteAllBytes(folder.Path("photos", $"{i % 2}", $"{i}.png"), ImageCodec.EncodePng(image));
        }
        File.WriteAllText(folder.Path("file"), "mine");
        if (what == "the system's" && !Directory.Exists("/proc/self")) Assert.Skip("no folder here that nobody can write to");
        string place = what switch
        {
            "beneath a file" => folder.Path("file", "run"),
            "a file" => folder.Path("file"),
            _ => "/proc/self/run", // not even the superuser
        };
        (int code, string output, string error) = Shell.Run(
            "train", folder.Path("photos"), "--model", "resnet18", "--from-scratch", "--image-size", "32", "--out", place,
            "--device", "cpu");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        string line = error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("graft: ", line);
        Assert.Contains(place, line);
        Assert.DoesNotContain("unexpected", line);
        Assert.Equal("mine", File.ReadAllText(folder.Path("file")));
    }

    // the data is read before the model: none is needed
    string Refusal(string[] data)
    {
        (int code, string output, string error) = Shell.Run(
            ["train", .. data, "--model", "resnet18", "--from-scratch", "--out", folder.Path("run")]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        Assert.False(Directory.Exists(folder.Path("run")));
        string line = Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("graft: ", line);
        return line;
    }
}
