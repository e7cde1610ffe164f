namespace Graft.Tests;

public sealed class RunFolderTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void A_folder_appears_when_it_is_whole()
    {
        string target = workshop.Path("a", "b", "run");
        using (RunFolder folder = RunFolder.Create(target, "model", "data"))
        {
            folder.Write("note.txt", "x");
            Assert.False(Directory.Exists(target));
            folder.Finish();
        }
        Assert.Equal("x", File.ReadAllText(Path.Combine(target, "note.txt")));
        Assert.Equal(["run"], Directory.GetFileSystemEntries(workshop.Path("a", "b")).Select(entry => Path.GetFileName(entry)));
    }

    [Fact]
    public void Unfinished_it_goes_with_the_folders_made_for_it()
    {
        using (RunFolder folder = RunFolder.Create(workshop.Path("a", "b", "run"), "model", "data"))
            folder.Write("note.txt", "x");
        Assert.Empty(workshop.Entries);
    }

    [Fact]
    public void An_empty_folder_may_be_taken_a_file_may_not()
    {
        Directory.CreateDirectory(workshop.Path("empty"));
        using (RunFolder folder = RunFolder.Create(workshop.Path("empty"), "model", "data")) folder.Finish();
        File.WriteAllText(workshop.Path("file"), "");
        Assert.Throws<IOException>(() => RunFolder.Create(workshop.Path("file"), "model", "data"));
    }

    [Theory]
    [InlineData("my photos/ü", "my-photos-ü")]
    [InlineData("../..", "run")]
    [InlineData("resnet50.a1_in1k", "resnet50.a1_in1k")]
    public void Names_become_words_for_folders(string name, string expected) => Assert.Equal(expected, RunNames.Slug(name));
}
