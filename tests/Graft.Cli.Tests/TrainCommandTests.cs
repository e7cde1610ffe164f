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
    [InlineData("--lr: expected a number above 0, or auto, got 'fast'", "photos", "--model", "m", "--lr", "fast")]
    [InlineData("--ema: expected a decay between 0 and 1, came '1.5'", "--model", "m", "--ema", "1.5", "photos")]
    [InlineData("--focal-gamma belongs to", "--model", "m", "--focal-gamma", "1", "--ema", "photos")]
    [InlineData("--betas: expected 2 numbers joined by commas, got '0.9'", "photos", "--model", "m", "--betas", "0.9")]
    [InlineData("--betas and --momentum both", "photos", "--model", "m", "--betas", "0.9,0.99", "--momentum", "0.8")]
    [InlineData("--betas are Adam's and LAMB's", "photos", "--model", "m", "--betas", "0.9,0.99", "--optimizer", "sgd")]
    [InlineData("--focal-gamma belongs to --loss focal", "photos", "--model", "m", "--focal-gamma", "1")]
    [InlineData("--lora-alpha says more about --lora R", "photos", "--model", "m", "--lora-alpha", "8")]
    [InlineData("Did you mean lamb?", "photos", "--model", "m", "--optimizer", "lambb")]
    [InlineData("--schedule: schedule step: gamma: expected between 0 and 1, came 3",
        "photos", "--model", "m", "--schedule", "step:gamma=3")]
    public void A_wrong_command_line_is_told(string expected, params string[] arguments)
    {
        (int code, string output, string error) = Shell.Run(["train", .. arguments]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.StartsWith("graft: train: ", error);
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
