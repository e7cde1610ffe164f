using System.Text.Json;

namespace Graft.Tests;

/// <summary>Jobs on a model of the Hub, from a cache as Python's huggingface_hub leaves it.</summary>
public sealed class HubModelTests : IDisposable
{
    const string Commit = "0123456789abcdef0123456789abcdef01234567";

    readonly Workshop workshop = new();

    public HubModelTests()
    {
        string repository = workshop.Path("home", "hub", "models--org--tiny");
        string snapshot = Path.Combine(repository, "snapshots", Commit);
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        File.WriteAllText(Path.Combine(repository, "refs", "v1"), Commit);
        Directory.CreateDirectory(Path.GetDirectoryName(snapshot)!);
        Directory.Move(workshop.Model(), snapshot);
        Environment.SetEnvironmentVariable("HF_HOME", workshop.Path("home"));
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HF_HOME", null);
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", null);
        workshop.Dispose();
    }

    [Fact]
    public void A_job_names_its_model_and_revision()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe) with { Model = "org/tiny", Revision = "v1", Epochs = 1 };
        TrainResult result = FineTune.Run(config, null, TestContext.Current.CancellationToken);
        Assert.Equal(["across", "down"], result.Plan.Labels);
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(result.Folder, "summary.json"))).RootElement;
        JsonElement model = summary.GetProperty("model");
        Assert.Equal(("org/tiny", "v1"), (model.GetProperty("path").GetString(), model.GetProperty("revision").GetString()));
        IEnumerable<string> small = Directory.GetFiles(result.Folder, "*").Where(path => new FileInfo(path).Length < 100_000);
        string everything = string.Concat(small.Select(File.ReadAllText));
        Assert.Contains("--model org/tiny --revision v1", everything);
        using SavedModel opened = SavedModel.Open(result.Folder, device: "cpu");
        Assert.Equal(["across", "down"], opened.Labels);
    }

    [Fact]
    public void A_model_that_is_not_there_stops_the_job_before_it_begins()
    {
        JobConfig config = workshop.Job() with { Model = "org/other" };
        string message = Assert.Throws<Models.HubException>(() => FineTune.Run(config)).Message;
        Assert.Contains("org/other@main: not in the cache", message);
        Assert.False(Directory.Exists(config.Output));
    }
}
