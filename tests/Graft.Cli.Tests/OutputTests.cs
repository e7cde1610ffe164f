using System.Text.Json;
using Graft.Cli.Commands;
using Graft.Training;

namespace Graft.Cli.Tests;

/// <summary>What the commands print, on made-up results.</summary>
public class OutputTests
{
    static readonly ImagePrediction bee = new()
    {
        Image = "a, \"b\".jpg",
        Predictions = [new("bee", 1, 0.75), new("ant", 0, 0.25)],
        Logits = [-0.5f, 0.598612f],
    };

    static readonly ImagePrediction broken = new() { Image = "broken.jpg", Predictions = [], Logits = [], Error = "truncated" };

    [Fact]
    public void Predictions_as_json()
    {
        string text = Write(output => PredictCommand.WriteJson(output, [bee, broken], 5, withLogits: true));
        JsonElement json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(2, json.GetArrayLength());
        Assert.Equal(bee.Image, json[0].GetProperty("image").GetString());
        Assert.Equal("bee", json[0].GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.Equal(0.75, json[0].GetProperty("predictions")[0].GetProperty("probability").GetDouble());
        Assert.Equal(bee.Logits, json[0].GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal("truncated", json[1].GetProperty("error").GetString());
        Assert.DoesNotContain("logits", Write(output => PredictCommand.WriteJson(output, [bee], 5, withLogits: false)));
    }

    [Fact]
    public void Predictions_as_csv_and_as_a_table()
    {
        Assert.Equal("image,rank,label,probability,logit\n\"a, \"\"b\"\".jpg\",1,bee,0.75,0.598612\n",
            Write(output => PredictCommand.WriteCsv(output, [bee, broken], 1, withLogits: true)));
        Assert.Equal("image       label  probability\na, \"b\".jpg  bee         0.7500\n            ant         0.2500\n",
            Write(output => PredictCommand.WriteTable(output, [bee, broken], 5, withLogits: false)));
    }

    [Fact]
    public void What_a_model_is_unsure_of_is_said_in_each_format()
    {
        ImagePrediction unsure = bee with { IsUnsure = true };
        Assert.Equal("image,rank,label,probability\n\"a, \"\"b\"\".jpg\",0,unsure,\n\"a, \"\"b\"\".jpg\",1,bee,0.75\n",
            Write(output => PredictCommand.WriteCsv(output, [unsure], 1, withLogits: false)));
        Assert.Equal("image       label   probability\na, \"b\".jpg  unsure\n            bee          0.7500\n",
            Write(output => PredictCommand.WriteTable(output, [unsure], 1, withLogits: false)));
        JsonElement json = JsonDocument.Parse(
            Write(output => PredictCommand.WriteJson(output, [unsure, bee], 1, withLogits: false))).RootElement;
        Assert.Equal(JsonValueKind.Null, json[0].GetProperty("label").ValueKind);
        Assert.True(json[0].GetProperty("unsure").GetBoolean());
        Assert.Equal("bee", json[1].GetProperty("label").GetString());
        Assert.False(json[1].GetProperty("unsure").GetBoolean());
    }

    [Fact]
    public void An_evaluation_as_text_and_as_json()
    {
        EvaluationResult result = new()
        {
            Images = 5,
            Accuracy = 0.8,
            Top5Accuracy = null,
            Loss = double.NaN,
            Classes = [new("ant", 2, 0.66667, 1, 0.8), new("bee", 3, 1, 0.66667, 0.8)],
            ConfusionMatrix = [[2, 0], [1, 2]],
            Samples = [],
            SkippedImages = ["x.jpg"],
        };
        string text = Write(output => EvaluateCommand.WriteText(output, result));
        Assert.Contains("accuracy  0.8000  (95%: 0.3755 to 0.9638)\n", text);
        Assert.Contains("skipped   1 (unreadable)\n", text);
        Assert.Contains("bee         3     1.0000  0.6667  0.8000\n", text);
        Assert.Contains("     ant  bee\nant    2    0\nbee    1    2\n", text);
        Assert.DoesNotContain("top 5", text);

        JsonElement json = JsonDocument.Parse(Write(output => EvaluateCommand.WriteJson(output, result))).RootElement;
        Assert.Equal(0.8, json.GetProperty("accuracy").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("loss").ValueKind);
        Assert.Equal(1, json.GetProperty("confusion_matrix")[1][0].GetInt32());
        Assert.Equal("bee", json.GetProperty("classes")[1].GetProperty("label").GetString());
    }

    [Fact]
    public void Without_a_terminal_progress_is_plain_lines()
    {
        StringWriter results = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        using CommandContext context = new(results, error);
        ITrainingProgress progress = new ConsoleProgress(context, results);
        progress.Note("12 tensors loaded");
        progress.PhaseStarted("training", 64);
        progress.Advanced(new("training", 1, 2, 1, 2, 32, 64, 0.5, 0.5, 100));
        progress.EpochEnded(new()
        {
            Epoch = 1,
            Phase = "head",
            TrainLoss = 0.5,
            TrainAccuracy = 0.75,
            ValidationLoss = 0.25,
            ValidationAccuracy = 1,
            LearningRate = 1e-3,
            Seconds = 2,
            ImagesPerSecond = 32,
            IsBest = true,
        });
        Assert.Equal("graft: 12 tensors loaded\n", error.ToString());
        string[] lines = results.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("best", lines[1]);
        Assert.Contains("0.7500", lines[1]);
        Assert.DoesNotContain('\r', results.ToString() + error);
    }

    [Fact]
    public void On_a_terminal_a_bar_is_drawn_over_itself()
    {
        StringWriter error = new();
        using CommandContext context = new(TextWriter.Null, error) { ErrorIsTerminal = true };
        ConsoleProgress progress = new(context, TextWriter.Null);
        ((ITrainingProgress)progress).Advanced(new("training", 1, 2, 2, 2, 64, 64, 0.5, 0.5, 32));
        progress.Finish();
        Assert.StartsWith("\repoch 1/2 training [========================] 64/64  loss 0.500  accuracy 0.500", error.ToString());
        Assert.EndsWith("\r\x1b[K", error.ToString());
    }

    [Theory]
    [InlineData(0.44, "0.4 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(185, "3:05")]
    [InlineData(3723, "1:02:03")]
    [InlineData(double.NaN, "?")]
    public void Durations_read_well(double seconds, string expected) => Assert.Equal(expected, Durations.Format(seconds));

    [Theory]
    [InlineData("photos/a.jpg", "photos/a.jpg")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    public void Words_are_quoted_for_a_shell(string word, string expected) => Assert.Equal(expected, ShellQuote.Quote(word));

    static string Write(Action<TextWriter> write)
    {
        StringWriter output = new() { NewLine = "\n" };
        write(output);
        return output.ToString();
    }
}
