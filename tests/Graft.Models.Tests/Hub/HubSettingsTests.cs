namespace Graft.Models.Tests.Hub;

public class HubSettingsTests
{
    static HubSettings Read(params (string Name, string Value)[] variables) => HubSettings.FromEnvironment(
        name => name == "HOME" && variables.All(one => one.Name != "HOME") ? "/home/ada"
            : variables.Where(one => one.Name == name).Select(one => one.Value).FirstOrDefault());

    [Fact]
    public void Without_variables_it_is_as_huggingface_hub_and_torch_have_it()
    {
        HubSettings settings = Read();
        Assert.Equal("https://huggingface.co", settings.Endpoint);
        Assert.Equal("/home/ada/.cache/huggingface/hub", settings.CacheFolder);
        Assert.Equal("https://download.pytorch.org/models", settings.TorchEndpoint);
        Assert.Equal("/home/ada/.cache/torch/hub/checkpoints", settings.TorchFolder);
        Assert.Equal((null, false, true), (settings.Token, settings.Offline, settings.Links));
    }

    [Theory]
    [InlineData("XDG_CACHE_HOME=/c", "/c/huggingface/hub", "/c/torch/hub/checkpoints")]
    [InlineData("XDG_CACHE_HOME=/c HF_HOME=/h TORCH_HOME=/t", "/h/hub", "/t/hub/checkpoints")]
    [InlineData("HF_HOME=/h HF_HUB_CACHE=/x/cache", "/x/cache", "/home/ada/.cache/torch/hub/checkpoints")]
    [InlineData("HF_HOME=~/h", "/home/ada/h/hub", "/home/ada/.cache/torch/hub/checkpoints")]
    [InlineData("HF_HOME=$DISK/h DISK=/disk TORCH_HOME=${DISK}/t", "/disk/h/hub", "/disk/t/hub/checkpoints")]
    [InlineData("HF_HOME=/a$NONE TORCH_HOME=", "/a$NONE/hub", "/home/ada/.cache/torch/hub/checkpoints")]
    public void Folders_follow_the_variables(string variables, string hub, string torch)
    {
        HubSettings settings = Read([.. variables.Split(' ').Select(text => text.Split('=')).Select(pair => (pair[0], pair[1]))]);
        Assert.Equal((hub, torch), (settings.CacheFolder, settings.TorchFolder));
    }

    [Theory]
    [InlineData("HF_HUB_OFFLINE", "1", true)]
    [InlineData("HF_HUB_OFFLINE", "yes", true)]
    [InlineData("TRANSFORMERS_OFFLINE", "TRUE", true)]
    [InlineData("HF_HUB_OFFLINE", "0", false)]
    public void Offline_is_said_as_in_Python(string name, string value, bool offline) =>
        Assert.Equal(offline, Read((name, value)).Offline);

    [Fact]
    public void The_token_comes_from_a_variable_or_from_the_file_of_huggingface_cli()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["token"], "hf_file\n");
        Assert.Equal("hf_file", Read(("HF_HOME", folder.Path)).Token);
        Assert.Equal("hf_old", Read(("HF_HOME", folder.Path), ("HUGGING_FACE_HUB_TOKEN", " hf_old ")).Token);
        Assert.Equal("hf_new", Read(("HF_TOKEN", "hf_new\n"), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token);
        Assert.Null(Read(("HF_TOKEN", "two\nlines")).Token);
        Assert.Null(Read(("HF_TOKEN", "hf_new"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
    }

    [Fact]
    public void A_mirror_is_a_web_address()
    {
        Assert.Equal("http://mirror:8080/hf", Read(("HF_ENDPOINT", "http://mirror:8080/hf/")).Endpoint);
        Assert.Equal("http://mirror/models", Read(("GRAFT_TORCH_ENDPOINT", "http://mirror/models/")).TorchEndpoint);
        Assert.Contains("HF_ENDPOINT: expected a web address",
            Assert.Throws<ArgumentException>(() => Read(("HF_ENDPOINT", "mirror"))).Message);
    }

    [Theory]
    [InlineData("facebook/convnext-tiny-224", "facebook/convnext-tiny-224", null)]
    [InlineData("timm/resnet18.a1_in1k@v1.0", "timm/resnet18.a1_in1k", "v1.0")]
    [InlineData("hf_hub:timm/resnet18.a1_in1k", "timm/resnet18.a1_in1k", null)]
    [InlineData("hf-hub:gpt2@refs/pr/3", "gpt2", "refs/pr/3")]
    [InlineData("https://huggingface.co/org/name/tree/dev", "org/name", "dev")]
    [InlineData("https://huggingface.co/org/name/", "org/name", null)]
    [InlineData("gpt2", null, null)]
    [InlineData("a/b/c", null, null)]
    [InlineData("../b", null, null)]
    [InlineData("./b", null, null)]
    [InlineData("/b", null, null)]
    [InlineData("a/b@../x", null, null)]
    [InlineData("a/b@", null, null)]
    [InlineData("a b/c", null, null)]
    [InlineData("a--b/c", null, null)]
    [InlineData("-a/c", null, null)]
    [InlineData("hf_hub:a/b?x", null, null)]
    public void Names_of_repositories(string text, string? repository, string? revision)
    {
        bool found = HubName.TryParse(text, "https://huggingface.co", out HubName name);
        Assert.Equal((repository is not null, repository, revision), (found, name.Repository, name.Revision));
    }
}
