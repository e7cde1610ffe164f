namespace Graft.Cli.Tests;

public class TrainCommandTests
{
    [Theory]
    [InlineData("--model MODEL is missing", "photos")]
    [InlineData("--augment and --no-augment exclude each other", "photos", "--model", "m", "--augment", "--no-augment")]
    [InlineData("--unfreeze belongs to --mode partial, not to finetune", "photos", "--model", "m", "--unfreeze", "2")]
    [InlineData("--freeze-epochs belongs to --mode finetune, not to probe",
        "photos", "--model", "m", "--mode", "probe", "--freeze-epochs", "2")]
    [InlineData("Did you mean --epochs?", "photos", "--model", "m", "--epoch", "2")]
    [InlineData("expected one of finetune, probe, full, partial, got 'prob'. Did you mean probe?",
        "photos", "--model", "m", "--mode", "prob")]
    public void A_wrong_command_line_is_told(string expected, params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(["train", .. arguments]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.StartsWith("graft: train: ", error);
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
