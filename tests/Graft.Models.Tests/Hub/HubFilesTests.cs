namespace Graft.Models.Tests.Hub;

/// <summary>Which files are taken, and which names are refused.</summary>
public sealed class HubFilesTests : IDisposable
{
    readonly HubFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("flax_model.msgpack pytorch_model.bin model.safetensors", "model.safetensors")]
    [InlineData("flax_model.msgpack pytorch_model.bin", "pytorch_model.bin")]
    [InlineData("flax_model.msgpack tf_model.h5", "flax_model.msgpack")]
    [InlineData("open_clip_model.safetensors open_clip.bin", "open_clip_model.safetensors")]
    [InlineData("pytorch_model.bin model.safetensors.index.json", "model.safetensors.index.json")]
    [InlineData("a.safetensors b.safetensors", null)]
    [InlineData("tf_model.h5 model.py", null)]
    [InlineData("onnx/model.safetensors", null)]
    public void Weights_are_chosen_safest_first(string files, string? chosen) =>
        Assert.Equal(chosen, HubFiles.Choose(files.Split(' ').ToHashSet()));

    [Fact]
    public void Split_weights_come_with_their_parts()
    {
        using FakeHub hub = new FakeHub().Add("config.json", "{}").Add("model-1.safetensors", [1, 2])
            .Add("model-2.safetensors", [3]).Add("model-3.safetensors", [4])
            .Add("model.safetensors.index.json", """{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}""");
        fixture.Settings = fixture.Settings with { Endpoint = hub.Address };
        FetchedModel model = fixture.Fetch();
        string[] expected = ["config.json", "model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors"];
        Assert.Equal(expected, model.Files.Select(Path.GetFileName));

        fixture.Settings = fixture.Settings with { Offline = true };
        Assert.Equal(model.Files, fixture.Fetch().Files);
        File.Delete(model.Files[^1]);
        Assert.Contains("model-2.safetensors is missing", fixture.Refused());
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "../../../evil.safetensors"}}""", "expected names of parts")]
    [InlineData("""{"weight_map": {"a": "/etc/passwd.bin"}}""", "expected names of parts")]
    [InlineData("""{"weight_map": {"a": "run.py"}}""", "expected names of parts")]
    [InlineData("""{"weight_map": {"a": 7}}""", "expected names of parts")]
    [InlineData("""{"weight_map": [1]}""", "expected a weight_map")]
    [InlineData("[1]", "expected a weight_map")]
    [InlineData("{", "not valid JSON")]
    public void An_index_names_parts_and_nothing_else(string index, string message)
    {
        using FakeHub hub = new FakeHub().Add("config.json", "{}").Add("model.safetensors.index.json", index);
        fixture.Settings = fixture.Settings with { Endpoint = hub.Address };
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => fixture.Fetch()).Message);
    }

    [Fact]
    public void A_mirror_without_a_list_is_asked_file_by_file()
    {
        using var mirror = new HubFixture(hasList: false);
        Assert.Equal(["config.json", "model.safetensors"], mirror.Fetch().Files.Select(Path.GetFileName));
        Assert.Equal(FakeHub.Commit, mirror.Fetch().Commit);
    }

    [Fact]
    public void A_renamed_repository_is_followed()
    {
        fixture.Hub.When(
            request => request.Path.Contains("/old/name"),
            request => new WebAnswer(307, "Temporary Redirect")
            {
                Headers = { ["Location"] = request.Path.Replace("/old/name", "/org/tiny") },
            });
        Assert.Equal(50_024, fixture.Fetch("old/name").FetchedBytes);
        Assert.True(Directory.Exists(Path.Combine(fixture.Settings.CacheFolder, "models--old--name")));
    }

    [Theory]
    [InlineData("\"../../../evil\"", "expected an ETag")]
    [InlineData("\"\"", "expected an ETag")]
    [InlineData(null, "expected an ETag, found none")]
    public void A_tag_that_is_no_file_name_is_refused(string? tag, string message)
    {
        fixture.Hub.When(request => request.Method == "HEAD", _ =>
        {
            var answer = new WebAnswer(200, "OK") { Body = [1] };
            if (tag is not null) answer.Headers["ETag"] = tag;
            return answer;
        });
        Assert.Contains(message, fixture.Refused());
        Assert.False(Path.Exists(fixture.Folder["evil"]));
    }

    [Theory]
    [InlineData("""{"sha": "../../etc", "siblings": []}""", "expected a commit")]
    [InlineData("""{"siblings": []}""", "expected a commit")]
    [InlineData("<html>", "expected JSON")]
    [InlineData("[]", "expected a commit")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "../model.safetensors"}, 3]}""",
        "found none of them")]
    public void A_list_that_makes_no_sense_is_refused(string list, string message)
    {
        fixture.Hub.When(request => request.Path.StartsWith("/api/"), _ => WebAnswer.Json(list));
        Assert.Contains(message, fixture.Refused());
    }

    [Fact]
    public void A_repository_without_weights_says_what_it_has()
    {
        using FakeHub hub = new FakeHub().Add("config.json", "{}").Add("tf_model.h5", "x");
        fixture.Settings = fixture.Settings with { Endpoint = hub.Address };
        Assert.EndsWith("found config.json, tf_model.h5.", fixture.Refused());
    }

    [Fact]
    public void A_mirrors_own_tags_are_taken_without_a_hash()
    {
        byte[] content = [1, 2, 3];
        fixture.Hub.When(request => request.Path.Contains("/resolve/"), request => FakeHub.Part(request, content, new()
        {
            ["ETag"] = "W/\"5f3-abc\"",
        }));
        Assert.Equal(content, File.ReadAllBytes(fixture.Fetch().Files[^1]));
    }
}
