namespace Graft.Cli.Tests;

public class LearningRateCommandTests
{
    [Theory]
    [InlineData("--plot: expected a file that ends in .svg or .html, came rates.png", "--plot", "rates.png")]
    [InlineData("expected --from below --to, came 1 and 0.1", "--from", "1", "--to", "0.1")]
    [InlineData("schedule step: expected every or gamma", "--schedule", "step:x=1")]
    public void A_wrong_command_line_is_told(string expected, params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(["lr-find", "photos", "--model", "m", .. arguments]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
