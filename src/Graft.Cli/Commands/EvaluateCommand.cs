using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Graft.Data;
using Graft.Formats;
using Graft.Training;

namespace Graft.Cli.Commands;

/// <summary><c>graft evaluate</c>: how good is a model on labelled pictures?</summary>
sealed class EvaluateCommand : GraftCommand
{
    const int LargestMatrix = 16;
    const int ConfusionsShown = 12;
    const int AbsentShown = 8;

    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch " +
            "(facebook/convnext-tiny-224, resnet50:IMAGENET1K_V2)",
    };
    readonly Argument<string> data = new("DATA")
    {
        Description = "labelled pictures: DATA/<class>/*, or DATA/{train,val,test}/<class>/*, or a table (.csv); for a " +
            "segmentation model, pictures with masks: DATA/images and DATA/masks, or train and trainannot, and so on",
    };
    readonly Option<string?> part =
        MakeOption.Text("--part", "PART", "which part of DATA: train, val or test [test where there is one, else val]");
    readonly Option<string?> metrics = MakeOption.Text("--metrics", "A,B,C",
        "what to measure besides accuracy and loss, such as top3,f1:macro,kappa:quadratic,recall:class=bees; " +
        "see docs/metrics.md [the usual ones]");
    readonly Option<bool> calibrate = MakeOption.Flag("--calibrate",
        "divide logits by the temperature that was fitted in training, and show the calibration error before and after");
    readonly Option<string?> output = MakeOption.Text("--out", "FILE", "also write everything as JSON into a file");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");
    readonly Option<int?> batchSize = MakeOption.Number("--batch-size", "images at once [32]", minimum: 1);
    readonly TestTimeOption testTime = new();
    readonly SegmentationArguments segmentation = new();
    readonly TableArguments table = new();
    readonly RunningOptions running = new();

    public EvaluateCommand() : base("evaluate",
        "Measures a model on labelled pictures: accuracy, loss, precision and recall of each class, what was taken for what.")
    {
        Add(model);
        Add(data);
        AddSection("Options", part, metrics, calibrate, testTime.Option, output, format);
        AddSection("Table", table.Options);
        AddSection("Segmentation", [.. segmentation.Options]);
        AddSection("Running", running.Architecture, running.Preprocess, running.Revision, running.IgnoreOrientation,
            running.Device, running.Precision, batchSize, running.Threads, running.Workers);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft evaluate runs/bees photos", "on the test or validation part of photos"),
        ("graft evaluate runs/bees photos --part train --format json", "on the training part, for a program"),
        ("graft evaluate runs/bees photos --calibrate --metrics ece,brier,f1:macro", "with calibrated probabilities"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        TestTimeAugmentation? views = testTime.Of(arguments);
        IReadOnlyList<string>? names = arguments.GetValue(metrics) is { } list ? MetricNames.Of("evaluate", list) : null;
        TableOptions tables = table.Of("evaluate", arguments, arguments.GetValue(data));
        RunningOptions.Preload(context);
        using SavedModel opened = running.Open(arguments.GetValue(model)!, arguments, context);
        if (opened.Network.IsSegmentation) return Segment(opened, views, arguments, context);
        segmentation.Refuse("evaluate", opened.Path, arguments);
        EvaluationOptions options = new()
        {
            Part = arguments.GetValue(part),
            Metrics = names,
            Calibrate = arguments.GetValue(calibrate),
            Table = tables,
            BatchSize = arguments.GetValue(batchSize) ?? 32,
            Workers = running.WorkersOf(arguments),
            IgnoreOrientation = running.IgnoresOrientation(arguments),
            TestTime = views,
        };
        ConsoleProgress progress = new(context, context.Error) { ShowsEpochs = false };
        EvaluationResult result;
        try
        {
            result = Evaluation.Run(opened, arguments.GetValue(data)!, options, progress, context.Cancellation);
        }
        finally
        {
            progress.Finish();
        }
        if (arguments.GetValue(output) is { } file)
        {
            using StringWriter text = new() { NewLine = "\n" };
            WriteJson(text, result);
            AtomicFile.WriteText(file, text.ToString());
        }
        if (arguments.GetValue(format) == "json") WriteJson(context.Output, result);
        else WriteText(context.Output, result);
        return ExitCode.Success;
    }

    int Segment(SavedModel opened, TestTimeAugmentation? views, ParseResult arguments, CommandContext context)
    {
        if (arguments.GetValue(calibrate) || arguments.GetValue(metrics) is not null)
            throw new UsageException("evaluate: --calibrate and --metrics are for models that classify whole images.");
        var options = new SegmentationEvaluationOptions
        {
            Part = arguments.GetValue(part),
            View = segmentation.Of("evaluate", arguments, views),
            Masks = new SegmentationOptions { IgnoreOrientation = running.IgnoresOrientation(arguments) },
        };
        ConsoleProgress progress = new(context, context.Error) { ShowsEpochs = false };
        SegmentationResult result;
        try
        {
            result = SegmentationEvaluation.Run(
                opened, arguments.GetValue(data)!, options, progress, cancellation: context.Cancellation);
        }
        finally
        {
            progress.Finish();
        }
        if (arguments.GetValue(output) is { } file)
        {
            using StringWriter text = new() { NewLine = "\n" };
            SegmentationScores.WriteJson(text, result);
            AtomicFile.WriteText(file, text.ToString());
        }
        if (arguments.GetValue(format) == "json") SegmentationScores.WriteJson(context.Output, result);
        else SegmentationScores.WriteText(context.Output, result);
        return ExitCode.Success;
    }

    internal static void WriteText(TextWriter output, EvaluationResult result)
    {
        output.WriteLine($"images    {result.Images}");
        if (result.SkippedImages.Count > 0) output.WriteLine($"skipped   {result.SkippedImages.Count} (unreadable)");
        if (result.Kind != LabelKind.Single)
        {
            WriteTask(output, result);
            return;
        }
        (double low, double high) = result.AccuracyInterval;
        output.WriteLine($"accuracy  {Share(result.Accuracy)}  (95%: {Share(low)} to {Share(high)})");
        if (result.Top5Accuracy is { } top5) output.WriteLine($"top 5     {Share(top5)}");
        output.WriteLine($"loss      {Share(result.Loss)}");
        if (result.Temperature != 1)
            output.WriteLine($"calibration error {Share(result.UncalibratedError)}, at temperature {Share(result.Temperature)} " +
                Share(result.CalibrationError));
        if (result.AbsentClasses is { Count: > 0 } absent)
        {
            string more = absent.Count > AbsentShown ? $" and {absent.Count - AbsentShown} more" : "";
            output.WriteLine($"no images of {string.Join(", ", absent.Take(AbsentShown))}{more}: nothing is known about them");
        }
        output.WriteLine();
        TableWriter values = new("metric", "value");
        foreach ((string name, double value) in result.Metrics) values.Add(name, Share(value));
        if (result.Metrics.Count > 0)
        {
            values.Write(output);
            output.WriteLine();
        }
        bool ranked = result.Classes.Any(entry => entry.Auc is not null);
        string[] headings = ["class", "images", "precision", "recall", "F1"];
        TableWriter classes = new(ranked ? [.. headings, "AUC", "AP"] : headings);
        foreach (ClassResult entry in result.Classes)
        {
            string[] cells = [entry.Label, $"{entry.Images}", Share(entry.Precision), Share(entry.Recall), Share(entry.F1)];
            classes.Add(ranked ? [.. cells, Share(entry.Auc ?? double.NaN), Share(entry.AveragePrecision ?? double.NaN)] : cells);
        }
        classes.Write(output);
        output.WriteLine();
        if (result.Classes.Count <= LargestMatrix) WriteMatrix(output, result);
        else WriteConfusions(output, result);
    }

    static void WriteTask(TextWriter output, EvaluationResult result)
    {
        int width = result.Metrics.Keys.Append("loss").Max(name => name.Length) + 2;
        foreach ((string name, double value) in result.Metrics) output.WriteLine($"{name.PadRight(width)}{Figure(value)}");
        output.WriteLine();
        if (result.Kind == LabelKind.Multiple)
        {
            TableWriter labels = new("label", "images", "precision", "recall", "F1");
            foreach (ClassResult entry in result.Classes)
                labels.Add(entry.Label, $"{entry.Images}", Share(entry.Precision), Share(entry.Recall), Share(entry.F1));
            labels.Write(output);
            return;
        }
        TableWriter numbers = new("number", "mean", "RMSE", "MAE", "R2");
        foreach (NumberResult entry in result.Numbers)
            numbers.Add(entry.Name, Figure(entry.Mean), Figure(entry.RootMeanSquaredError), Figure(entry.MeanAbsoluteError),
                Figure(entry.RSquared));
        numbers.Write(output);
    }

    static void WriteMatrix(TextWriter output, EvaluationResult result)
    {
        output.WriteLine("confusion matrix: rows are what the pictures show, columns what they were taken for");
        TableWriter matrix = new(["", .. result.Classes.Select(entry => entry.Label)]);
        for (int row = 0; row < result.Classes.Count; row++)
            matrix.Add([result.Classes[row].Label, .. result.ConfusionMatrix[row].Select(count => $"{count}")]);
        matrix.Write(output);
    }

    static void WriteConfusions(TextWriter output, EvaluationResult result)
    {
        var confusions = result.ConfusionMatrix
            .SelectMany((row, actual) => row.Select((count, predicted) => (count, actual, predicted)))
            .Where(cell => cell.actual != cell.predicted && cell.count > 0)
            .OrderByDescending(cell => cell.count).Take(ConfusionsShown).ToList();
        output.WriteLine("most often confused (--format json has the whole matrix)");
        TableWriter table = new("shows", "taken for", "times");
        foreach ((int count, int actual, int predicted) in confusions)
            table.Add(result.Classes[actual].Label, result.Classes[predicted].Label, $"{count}");
        table.Write(output);
    }

    internal static void WriteJson(TextWriter output, EvaluationResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("images", result.Images);
        if (result.Kind != LabelKind.Number) JsonOutput.WriteFinite(json, "accuracy", result.Accuracy);
        if (result.Top5Accuracy is { } top5) JsonOutput.WriteFinite(json, "top5_accuracy", top5);
        JsonOutput.WriteFinite(json, "loss", result.Loss);
        json.WriteStartArray("accuracy_interval95");
        json.WriteNumberValue(result.AccuracyInterval.Low);
        json.WriteNumberValue(result.AccuracyInterval.High);
        json.WriteEndArray();
        json.WriteStartObject("metrics");
        foreach ((string name, double value) in result.Metrics) JsonOutput.WriteFinite(json, name, value);
        json.WriteEndObject();
        if (result.Kind == LabelKind.Single) WriteCalibration(json, result);
        else WriteTaskJson(json, result);
        json.WriteStartArray("absent_classes");
        foreach (string label in result.AbsentClasses) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteStartArray("classes");
        foreach (ClassResult entry in result.Classes)
        {
            json.WriteStartObject();
            json.WriteString("label", entry.Label);
            json.WriteNumber("images", entry.Images);
            JsonOutput.WriteFinite(json, "precision", entry.Precision);
            JsonOutput.WriteFinite(json, "recall", entry.Recall);
            JsonOutput.WriteFinite(json, "f1", entry.F1);
            if (entry.Auc is { } auc) JsonOutput.WriteFinite(json, "auc", auc);
            if (entry.AveragePrecision is { } precision) JsonOutput.WriteFinite(json, "ap", precision);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("confusion_matrix");
        foreach (IReadOnlyList<int> row in result.ConfusionMatrix)
        {
            json.WriteStartArray();
            foreach (int count in row) json.WriteNumberValue(count);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("skipped_images");
        foreach (string image in result.SkippedImages) json.WriteStringValue(image);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void WriteCalibration(Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteStartObject("calibration");
        json.WriteNumber("temperature", result.Temperature);
        JsonOutput.WriteFinite(json, "ece", result.CalibrationError);
        JsonOutput.WriteFinite(json, "ece_before", result.UncalibratedError);
        json.WriteStartArray("bins");
        foreach (ReliabilityBin bin in result.Reliability.Where(bin => bin.Count > 0))
        {
            json.WriteStartObject();
            json.WriteNumber("low", bin.Low);
            json.WriteNumber("high", bin.High);
            json.WriteNumber("count", bin.Count);
            JsonOutput.WriteFinite(json, "confidence", bin.Confidence);
            JsonOutput.WriteFinite(json, "accuracy", bin.Accuracy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteTaskJson(System.Text.Json.Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteString("kind", result.Kind == LabelKind.Multiple ? "multiple" : "number");
        if (result.Numbers.Count == 0) return;
        json.WriteStartArray("numbers");
        foreach (NumberResult entry in result.Numbers)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            JsonOutput.WriteFinite(json, "mean", entry.Mean);
            JsonOutput.WriteFinite(json, "rmse", entry.RootMeanSquaredError);
            JsonOutput.WriteFinite(json, "mae", entry.MeanAbsoluteError);
            JsonOutput.WriteFinite(json, "r2", entry.RSquared);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static string Figure(double value) =>
        double.IsFinite(value) ? value.ToString("G5", CultureInfo.InvariantCulture) : "not defined";

    static string Share(double value) => double.IsNaN(value) ? "-" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
