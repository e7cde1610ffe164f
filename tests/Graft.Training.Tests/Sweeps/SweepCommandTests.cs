namespace Graft.Training.Tests;

public class SweepCommandTests
{
    static readonly Dictionary<string, SweepValue> values = new()
    {
        ["lr"] = SweepValue.Of(1e-3),
        ["amp"] = SweepValue.Of(true),
        ["freeze"] = SweepValue.Of(false),
        ["opt/name"] = SweepValue.Of("sgd"),
        ["opt/decay/rate"] = SweepValue.Of(2),
        ["model.depth"] = SweepValue.Of(4),
    };

    [Fact]
    public void Words_stand_for_the_values()
    {
        Assert.Equal(["python", "train.py", "--lr=0.001", "--amp=true", "--freeze=false",
            """--opt={"name":"sgd","decay":{"rate":2}}""", "--model.depth=4"], Expand("python", "${program}", "${args}"));
        Assert.Equal(["--lr=0.001", "--amp", """--opt={"name":"sgd","decay":{"rate":2}}""", "--model.depth=4"],
            Expand("${args_no_boolean_flags}"));
        Assert.Equal(["lr=0.001", "amp=true", "freeze=false", """opt={"name":"sgd","decay":{"rate":2}}""", "model.depth=4"],
            Expand("${args_no_hyphens}"));
        Assert.Equal(["--config=/tmp/a.json", "x${y",
            """{"lr":0.001,"amp":true,"freeze":false,"opt":{"name":"sgd","decay":{"rate":2}},"model.depth":4}"""],
            Expand("--config=${args_json_file}", "x${y", "${args_json}"));
    }

    [Fact]
    public void Without_a_command_it_is_that_of_the_cloud() =>
        Assert.Equal(["/usr/bin/env", "python", "train.py", "--lr=0.001"], SweepCommand.Expand(
            Config(null), new Dictionary<string, SweepValue> { ["lr"] = SweepValue.Of(1e-3) }));

    [Fact]
    public void What_stands_for_nothing_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Expand("--all=${args}"));
        Assert.Throws<ArgumentException>(() => SweepCommand.Expand(Config(["${args_json_file}"]), values));
        Assert.Throws<ArgumentException>(() => SweepCommand.Expand(Config(["${program}"]) with { Program = null }, values));
    }

    static IReadOnlyList<string> Expand(params string[] command) => SweepCommand.Expand(Config(command), values, "/tmp/a.json");

    static SweepConfig Config(string[]? command) =>
        new(SweepMethod.Random, new([])) { Program = "train.py", Command = command };
}
