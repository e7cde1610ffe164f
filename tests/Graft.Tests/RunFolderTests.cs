namespace Graft.Tests;

public sealed class RunFolderTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void A_finished_folder_stays_without_its_lock()
    {
        string target = workshop.Path("a", "b", "run");
        using (RunFolder folder = RunFolder.Create(target, "model", "data"))
        {
            folder.Write("note.txt", "x");
            folder.Finish();
        }
        Assert.Equal("x", File.ReadAllText(Path.Combine(target, "note.txt")));
        Assert.Equal(["note.txt"], Directory.GetFileSystemEntries(target).Select(entry => Path.GetFileName(entry)));
    }

    [Fact]
    public void With_a_checkpoint_an_unfinished_folder_stays()
    {
        using (RunFolder folder = RunFolder.Create(workshop.Path("run"), "model", "data"))
        {
            Directory.CreateDirectory(folder.Checkpoints);
            File.WriteAllText(Path.Combine(folder.Checkpoints, "step-00000001.safetensors"), "");
        }
        Assert.Equal(["run"], workshop.Entries);
    }

    [Fact]
    public void Two_processes_do_not_work_on_one_run()
    {
        using RunFolder folder = RunFolder.Create(workshop.Path("run"), "model", "data");
        folder.Write("job.json", "{}");
        IOException error = Assert.Throws<IOException>(() => RunFolder.Reopen(workshop.Path("run")));
        Assert.Contains("another process", error.Message);
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
