namespace Graft.Models.Tests.Hub;

/// <summary>What lies in the cache afterwards, and what is found there: as Python's huggingface_hub has it.</summary>
public sealed class HubCacheTests : IDisposable
{
    const string Other = "89abcdef0123456789abcdef0123456789abcdef";

    readonly HubFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void A_model_lies_as_huggingface_hub_lays_it()
    {
        fixture.Hub.Add("preprocessor_config.json", "{}").Add("README.md", "words").Add("modeling_tiny.py", "import os")
            .Add("pytorch_model.bin", [1, 2, 3]);
        FetchedModel model = fixture.Fetch();
        string sha = FakeHub.Sha256(HubFixture.Weights), config = fixture.Hub.TagOf("config.json");
        const string processor = "9e26dfeeb6e641a33dae4961196235bdb965b21b"; // git hash-object of "{}"
        Assert.Equal(
            $"""
            .locks/models--org--tiny/{processor}.lock 0
            .locks/models--org--tiny/{config}.lock 0
            .locks/models--org--tiny/{sha}.lock 0
            CACHEDIR.TAG 94
            models--org--tiny/blobs/{processor} 2
            models--org--tiny/blobs/{config} 24
            models--org--tiny/blobs/{sha} 50000
            models--org--tiny/refs/main 40
            models--org--tiny/snapshots/{FakeHub.Commit}/config.json -> ../../blobs/{config}
            models--org--tiny/snapshots/{FakeHub.Commit}/model.safetensors -> ../../blobs/{sha}
            models--org--tiny/snapshots/{FakeHub.Commit}/preprocessor_config.json -> ../../blobs/{processor}

            """.Split('\n').Order(StringComparer.Ordinal),
            HubFixture.Tree(fixture.Settings.CacheFolder).Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(fixture.Repository, "refs", "main")));
        Assert.Equal(HubFixture.Weights, File.ReadAllBytes(Path.Combine(model.Path, "model.safetensors")));
        Assert.Equal((FakeHub.Commit, 50_026L), (model.Commit, model.FetchedBytes));
        Assert.Equal(["config.json", "preprocessor_config.json", "model.safetensors"], model.Files.Select(Path.GetFileName));
        Assert.DoesNotContain(fixture.Hub.Lines, line => line.Contains(".py") || line.Contains("pytorch"));
    }

    [Fact]
    public void What_the_Hub_does_not_have_is_remembered()
    {
        fixture.Fetch();
        string missing = Path.Combine(fixture.Repository, ".no_exist", FakeHub.Commit, "preprocessor_config.json");
        Assert.Equal(0, new FileInfo(missing).Length);
    }

    [Fact]
    public void What_is_there_is_not_fetched_again()
    {
        fixture.Fetch();
        int before = fixture.Hub.Lines.Count;
        Assert.Equal(0, fixture.Fetch().FetchedBytes);
        Assert.Equal(["GET /api/models/org/tiny/revision/main"], fixture.Hub.Lines.Skip(before));
        Assert.Single(fixture.Hub.Store.Lines);
    }

    [Fact]
    public void A_new_commit_gets_its_own_snapshot_and_shares_what_stayed()
    {
        fixture.Fetch();
        byte[] other = [.. HubFixture.Weights.Reverse()];
        fixture.Hub.Add("model.safetensors", other).Revisions["main"] = Other;
        FetchedModel model = fixture.Fetch();
        Assert.Equal((Other, 50_000L), (model.Commit, model.FetchedBytes));
        Assert.Equal(other, File.ReadAllBytes(Path.Combine(model.Path, "model.safetensors")));
        Assert.Equal(Other, File.ReadAllText(Path.Combine(fixture.Repository, "refs", "main")));
        Assert.True(File.Exists(fixture.Blob(HubFixture.Weights)));
        Assert.True(File.Exists(Path.Combine(model.Path, "config.json")));
    }

    [Theory]
    [InlineData("org/tiny@v1.0", null, "v1.0")]
    [InlineData("org/tiny", "refs/pr/1", "refs/pr/1")]
    [InlineData("hf_hub:org/tiny@v1.0", null, "v1.0")]
    [InlineData("hf-hub:org/tiny", "v1.0", "v1.0")]
    public void A_revision_is_kept_under_its_name(string name, string? revision, string kept)
    {
        fixture.Hub.Revisions["v1.0"] = fixture.Hub.Revisions["refs/pr/1"] = Other;
        Assert.Equal(Other, fixture.Fetch(name, revision).Commit);
        Assert.Equal(Other, File.ReadAllText(Path.Combine(fixture.Repository, "refs", kept)));
        Assert.False(File.Exists(Path.Combine(fixture.Repository, "refs", "main")));
    }

    [Fact]
    public void A_commit_needs_no_name()
    {
        Assert.Equal(FakeHub.Commit, fixture.Fetch("org/tiny@" + FakeHub.Commit).Commit);
        Assert.False(Directory.Exists(Path.Combine(fixture.Repository, "refs")));
    }

    [Fact]
    public void Without_links_a_snapshot_holds_the_contents()
    {
        fixture.Settings = fixture.Settings with { Links = false };
        FetchedModel model = fixture.Fetch();
        string path = Path.Combine(model.Path, "model.safetensors");
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal(HubFixture.Weights, File.ReadAllBytes(path));
        Assert.Equal(0, fixture.Fetch().FetchedBytes);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_serves_what_it_has()
    {
        FetchedModel first = fixture.Fetch();
        string notes = Path.Combine(fixture.Repository, ".no_exist"), refs = Path.Combine(fixture.Repository, "refs");
        Directory.Delete(notes, recursive: true);
        Directory.Delete(refs, recursive: true);
        File.WriteAllText(notes, "a file where a folder would be made");
        File.WriteAllText(refs, "");
        Assert.Equal(first.Files, fixture.Fetch().Files);
    }

    [Fact]
    public void A_link_to_nothing_is_mended()
    {
        fixture.Fetch();
        File.Delete(fixture.Blob(HubFixture.Weights));
        fixture.Settings = fixture.Settings with { Offline = true };
        Assert.Contains("model.safetensors is missing", fixture.Refused());
        fixture.Settings = fixture.Settings with { Offline = false };
        Assert.Equal(50_000, fixture.Fetch().FetchedBytes);
    }

    [Fact]
    public void Offline_what_is_cached_is_enough()
    {
        FetchedModel first = fixture.Fetch();
        int before = fixture.Hub.Lines.Count;
        fixture.Settings = fixture.Settings with { Offline = true };
        Assert.Equal(first.Files, fixture.Fetch().Files);
        Assert.Equal(first.Files, fixture.Fetch("org/tiny@" + FakeHub.Commit).Files);
        Assert.Equal(before, fixture.Hub.Lines.Count);
    }

    [Fact]
    public void Offline_what_is_not_cached_is_said_with_its_place()
    {
        fixture.Settings = fixture.Settings with { Offline = true };
        string message = fixture.Refused();
        Assert.Contains("org/tiny@main: not in the cache", message);
        Assert.Contains(fixture.Repository, message);
        Assert.Contains("HF_HUB_OFFLINE", message);
        Assert.Empty(fixture.Hub.Lines);
    }

    [Fact]
    public void Offline_a_processor_that_was_never_asked_for_is_missed()
    {
        fixture.Fetch();
        Directory.Delete(Path.Combine(fixture.Repository, ".no_exist"), recursive: true); // as Python's AutoModel leaves it
        fixture.Settings = fixture.Settings with { Offline = true };
        Assert.Contains("preprocessor_config.json is missing", fixture.Refused());
    }

    [Fact]
    public void A_Hub_that_is_away_is_replaced_by_the_cache()
    {
        FetchedModel first = fixture.Fetch();
        fixture.Hub.When(_ => true, _ => WebAnswer.Error(503, "Service Unavailable"));
        Assert.Equal(first.Files, fixture.Fetch().Files);
        Assert.Contains("503 Service Unavailable; taking org/tiny from the cache, commit 01234567", fixture.Notes);
    }

    [Fact]
    public void A_revision_that_is_gone_is_not_replaced()
    {
        fixture.Hub.Revisions["old"] = Other;
        fixture.Fetch("org/tiny@old");
        fixture.Hub.Revisions.Remove("old");
        Assert.Contains("has no revision 'old'", fixture.Refused("org/tiny@old"));
    }

    [Fact]
    public async Task Several_at_once_fetch_it_once()
    {
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with
        {
            Piece = 5000,
            Pause = TimeSpan.FromMilliseconds(10),
        });
        FetchedModel[] models = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => fixture.Fetch())));
        Assert.All(models, model => Assert.Equal(models[0].Files, model.Files));
        Assert.Single(fixture.Hub.Store.Lines);
        Assert.Equal(HubFixture.Weights, File.ReadAllBytes(fixture.Blob(HubFixture.Weights)));
        Assert.Empty(Directory.GetFiles(fixture.Repository, "*.incomplete", SearchOption.AllDirectories));
    }
}
