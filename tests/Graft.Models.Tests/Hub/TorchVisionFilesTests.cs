namespace Graft.Models.Tests.Hub;

public sealed class TorchVisionFilesTests : IDisposable
{
    readonly HubFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    PublishedWeights Published(string file) =>
        PublishedWeights.Find("resnet18:IMAGENET1K_V1")! with { Location = file };

    FetchedModel Fetch(PublishedWeights weights)
    {
        using var web = new WebClient(fixture.Settings, fixture);
        return new TorchVisionFiles(fixture.Settings, web, fixture, default).FetchAsync("x", weights).GetAwaiter().GetResult();
    }

    [Fact]
    public void A_file_lies_where_torch_looks_for_it()
    {
        string name = $"tiny-{FakeHub.Sha256(HubFixture.Weights)[..8]}.pth";
        fixture.Hub.Store.Contents[name] = HubFixture.Weights;
        fixture.Hub.Store.Next((request, content) => FileStore.Whole(request, content) with { CutAfter = 20_000 });
        FetchedModel model = Fetch(Published(name));
        Assert.Equal(Path.Combine(fixture.Settings.TorchFolder, name), model.Path);
        Assert.Equal(HubFixture.Weights, File.ReadAllBytes(model.Path));
        Assert.Equal([$"GET /models/{name}", $"GET /models/{name}"], fixture.Hub.Store.Lines);
        Assert.Equal(0, Fetch(Published(name)).FetchedBytes);
        Assert.Equal([model.Path], Directory.GetFiles(fixture.Settings.TorchFolder));
    }

    [Fact]
    public void A_file_that_came_whole_before_is_only_checked()
    {
        string name = $"tiny-{FakeHub.Sha256(HubFixture.Weights)[..8]}.pth";
        fixture.Hub.Store.Contents[name] = HubFixture.Weights;
        Directory.CreateDirectory(fixture.Settings.TorchFolder);
        File.WriteAllBytes(Path.Combine(fixture.Settings.TorchFolder, name + ".incomplete"), HubFixture.Weights);
        Assert.Equal(0, Fetch(Published(name)).FetchedBytes);
    }

    [Fact]
    public void The_digits_of_the_name_are_checked()
    {
        fixture.Hub.Store.Contents["resnet50-11ad3fa6.pth"] = HubFixture.Weights;
        string message = fixture.Refused("resnet50:IMAGENET1K_V2");
        Assert.Contains("expected content whose hash begins with 11ad3fa6", message);
        Assert.Contains(FakeHub.Sha256(HubFixture.Weights)[..8], message);
        Assert.Empty(Directory.GetFiles(fixture.Settings.TorchFolder));
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Contains("resnet18-f37072fd.pth: expected a file at", fixture.Refused("torchvision:resnet18"));
        Assert.EndsWith("got 404 Not Found.", fixture.Refused("torchvision:resnet18"));
        fixture.Settings = fixture.Settings with { Offline = true };
        string message = fixture.Refused("resnet18");
        Assert.Contains(Path.Combine(fixture.Settings.TorchFolder, "resnet18-f37072fd.pth"), message);
        Assert.Contains("graft download torchvision:resnet18:IMAGENET1K_V1", message);
    }

    [Theory]
    [InlineData("resnet50:IMAGENET1K_V9",
        "torchvision has no weights 'IMAGENET1K_V9' of resnet50: expected IMAGENET1K_V1 or IMAGENET1K_V2")]
    [InlineData("weights/resnet50.pth", "expected a repository")]
    [InlineData("qwertz", "expected a repository")]
    [InlineData("resnet5O", "Did you mean resnet50")]
    [InlineData("timm:resnet18", "Did you mean timm/resnet18.a1_in1k, timm/resnet18.a2_in1k, timm/resnet18.a3_in1k?")]
    public void Names_that_cannot_be_fetched_say_why(string name, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => fixture.Fetch(name)).Message);

    [Fact]
    public void A_revision_belongs_to_a_repository()
    {
        string Refused(string name, string revision) =>
            Assert.Throws<ArgumentException>(() => fixture.Fetch(name, revision)).Message;
        Assert.Contains("has no revisions", Refused("resnet50:DEFAULT", "v1"));
        Assert.Contains("names the revision a", Refused("org/tiny@a", "b"));
        Assert.Contains("found '../x'", Refused("org/tiny", "../x"));
    }
}
