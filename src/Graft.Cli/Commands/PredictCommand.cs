using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Graft.Cli.Commands;

/// <summary><c>graft predict</c>: what do these pictures show?</summary>
sealed class PredictCommand : GraftCommand
{
    const string Unsure = "unsure";

    readonly Argument<string> model = new("MODEL")
    {
        Description = "a run's folder, a folder of Hugging Face or timm, a weights file, or a name to fetch " +
            "(facebook/convnext-tiny-224, resnet50:IMAGENET1K_V2)",
    };
    readonly Argument<string[]> images = new("IMAGE_OR_FOLDER")
    {
        Description = "pictures, or folders of which every picture below is taken",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<int?> top = MakeOption.Number("--top", "how many classes to name, the most probable first [5]", minimum: 1);
    readonly Option<bool> logits = MakeOption.Flag("--logits", "also the model's raw output");
    readonly Option<bool> calibrate = MakeOption.Flag("--calibrate",
        "probabilities that say how often the model is right: logits are divided by the temperature that was fitted in training");
    readonly Option<double?> minimum = MakeOption.Real("--min-confidence",
        "below this probability of the most probable class the model abstains: 'unsure' as label, null in JSON", 0, 1, "P");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json", "csv"], "how to print");
    readonly Option<int?> batchSize = MakeOption.Number("--batch-size", "images at once [16]", minimum: 1);
    readonly TestTimeOption testTime = new();
    readonly SegmentationArguments segmentation = new();
    readonly SegmentationOutputOptions written = new();
    readonly RunningOptions running = new();

    public PredictCommand() : base("predict",
        "Says what pictures show, with the preprocessing that came with the model: the most probable classes; of a model of " +
        "several labels, each with its own probability and whether it is taken to be there; of a model of numbers, these; of a " +
        "segmentation model, the classes of the pixels, which --out writes as masks and overlays. " +
        "An unreadable picture is named and left out, and the exit code is then 1.")
    {
        Add(model);
        Add(images);
        AddSection("Output", top, calibrate, minimum, logits, format);
        AddSection("Augmentation", testTime.Option);
        AddSection("Segmentation", [.. written.Options, .. segmentation.Options]);
        AddSection("Running", running.Architecture, running.Preprocess, running.Revision, running.IgnoreOrientation,
            running.Device, running.Precision, batchSize, running.Threads, running.Workers);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft predict runs/bees photo.jpg", "one picture"),
        ("graft predict runs/bees holiday --top 1 --format csv", "a whole folder, as a table for other programs"),
        ("graft predict runs/bees holiday --calibrate --min-confidence 0.8", "say nothing where the model is not sure enough"),
        ("graft predict weights/resnet50 photo.jpg --format json --logits", "any origin's model, with its raw output"),
        ("graft predict resnet50.pth photo.jpg --arch torchvision:resnet50", "a bare weights file"),
        ("graft predict runs/streets photos --out found --save masks,overlays", "what every pixel shows, as pictures"),
    ];

    public override int Run(ParseResult arguments, CommandContext context)
    {
        TestTimeAugmentation? views = testTime.Of(arguments);
        RunningOptions.Preload(context);
        SegmentationOutput kinds = written.KindsOf(arguments);
        using SavedModel opened = running.Open(arguments.GetValue(model)!, arguments, context);
        if (opened.Network.IsSegmentation) return Segment(opened, views, kinds, arguments, context);
        segmentation.Refuse("predict", opened.Path, arguments);
        written.Refuse(opened.Path, arguments);
        Predictor predictor = new(opened)
        {
            BatchSize = arguments.GetValue(batchSize) ?? 16,
            Workers = running.WorkersOf(arguments),
            IgnoreOrientation = running.IgnoresOrientation(arguments),
            TestTime = views,
            Calibrate = arguments.GetValue(calibrate),
            MinimumConfidence = arguments.GetValue(minimum),
        };
        IReadOnlyList<ImagePrediction> predictions = predictor.Predict(arguments.GetValue(images)!, context.Cancellation);
        int count = arguments.GetValue(top) ?? 5;
        bool withLogits = arguments.GetValue(logits);
        switch (arguments.GetValue(format))
        {
            case "json": WriteJson(context.Output, predictions, count, withLogits); break;
            case "csv": WriteCsv(context.Output, predictions, count, withLogits); break;
            default: WriteTable(context.Output, predictions, count, withLogits); break;
        }
        return Tell([.. predictions.Select(prediction => (prediction.Image, prediction.Error))], context);
    }

    static int Tell(IReadOnlyList<(string Image, string? Error)> images, CommandContext context)
    {
        int unreadable = 0;
        foreach ((string image, string? error) in images)
            if (error is not null)
            {
                unreadable++;
                string line = error.Contains(image, StringComparison.Ordinal) ? error : $"{image}: {error}";
                context.Error.WriteLine("graft: " + line);
            }
        return unreadable == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>A segmentation model: each image is written as soon as it is there, so that a folder of any size fits.</summary>
    int Segment(
        SavedModel opened, TestTimeAugmentation? views, SegmentationOutput kinds, ParseResult arguments, CommandContext context)
    {
        if (arguments.GetValue(calibrate) || arguments.GetValue(minimum) is not null)
            throw new UsageException("predict: --calibrate and --min-confidence are for models that classify whole images.");
        bool withLogits = arguments.GetValue(logits);
        var names = new OutputNames(arguments.GetValue(images)!);
        var segmenter = new Segmenter(opened)
        {
            View = segmentation.Of("predict", arguments, views),
            IgnoreOrientation = running.IgnoresOrientation(arguments),
            KeepProbabilities = kinds.HasFlag(SegmentationOutput.Probabilities),
            KeepLogits = withLogits,
        };
        SegmentationWriter? writer = written.FolderOf(arguments) is { } folder
            ? new SegmentationWriter(folder, opened.Labels, opened.Palette, kinds) : null;
        List<SegmentationLine> lines = [];
        foreach (SegmentationPrediction one in segmenter.Stream(names.Files, context.Cancellation))
        {
            IReadOnlyDictionary<string, string> files =
                writer?.Write(one, names[one.Image], ignoreOrientation: segmenter.IgnoreOrientation)
                ?? new Dictionary<string, string>();
            lines.Add(new SegmentationLine(one.WithoutPixels(), files));
        }
        int count = arguments.GetValue(top) ?? opened.Labels.Count;
        switch (arguments.GetValue(format))
        {
            case "json": SegmentationPrinter.WriteJson(context.Output, lines, count); break;
            case "csv": SegmentationPrinter.WriteCsv(context.Output, lines, count); break;
            default: SegmentationPrinter.WriteTable(context.Output, lines, count); break;
        }
        return Tell([.. lines.Select(line => (line.Prediction.Image, line.Prediction.Error))], context);
    }

    internal static void WriteTable(
        TextWriter output, IReadOnlyList<ImagePrediction> predictions, int count, bool withLogits)
    {
        if (predictions.Any(image => image.Numbers.Count > 0))
        {
            WriteNumbers(output, predictions);
            return;
        }
        bool several = predictions.Any(image => image.IsOfSeveral);
        if (several)
        {
            WriteSeveral(output, predictions, count, withLogits);
            return;
        }
        TableWriter table = withLogits ? new("image", "label", "probability", "logit") : new("image", "label", "probability");
        foreach (ImagePrediction image in predictions)
        {
            string name = image.Image;
            if (image.IsUnsure)
            {
                table.Add(withLogits ? [name, Unsure, "", ""] : [name, Unsure, ""]);
                name = "";
            }
            foreach (Prediction prediction in image.Predictions.Take(count))
            {
                string probability = prediction.Probability.ToString("0.0000", CultureInfo.InvariantCulture);
                if (withLogits) table.Add(name, prediction.Label, probability, Number(image.Logits[prediction.Index]));
                else table.Add(name, prediction.Label, probability);
                name = "";
            }
        }
        table.Write(output);
    }

    static void WriteNumbers(TextWriter output, IReadOnlyList<ImagePrediction> predictions)
    {
        string[] names = [.. predictions.First(image => image.Numbers.Count > 0).Numbers.Select(number => number.Name)];
        TableWriter table = new(["image", .. names]);
        foreach (ImagePrediction image in predictions.Where(image => image.Error is null))
            table.Add([image.Image, .. image.Numbers.Select(number => Number((float)number.Value))]);
        table.Write(output);
    }

    // those that are there, and as many others as asked for
    static void WriteSeveral(TextWriter output, IReadOnlyList<ImagePrediction> predictions, int count, bool withLogits)
    {
        TableWriter table = withLogits ? new("image", "label", "probability", "there", "logit")
            : new("image", "label", "probability", "there");
        foreach (ImagePrediction image in predictions)
        {
            string name = image.Image;
            foreach (Prediction prediction in image.Predictions.Take(Math.Max(count, image.Chosen.Count)))
            {
                string probability = prediction.Probability.ToString("0.0000", CultureInfo.InvariantCulture);
                string there = image.Chosen.Contains(prediction) ? "yes" : "no";
                if (withLogits) table.Add(name, prediction.Label, probability, there, Number(image.Logits[prediction.Index]));
                else table.Add(name, prediction.Label, probability, there);
                name = "";
            }
        }
        table.Write(output);
    }

    internal static void WriteCsv(TextWriter output, IReadOnlyList<ImagePrediction> predictions, int count, bool withLogits)
    {
        if (predictions.FirstOrDefault(image => image.Numbers.Count > 0) is { } first)
        {
            output.WriteLine("image," + string.Join(',', first.Numbers.Select(number => CsvText.Of(number.Name))));
            foreach (ImagePrediction image in predictions.Where(image => image.Error is null))
                output.WriteLine(
                    CsvText.Of(image.Image) + "," +
                    string.Join(',', image.Numbers.Select(number => Number((float)number.Value))));
            return;
        }
        bool several = predictions.Any(image => image.IsOfSeveral);
        output.WriteLine("image,rank,label,probability" + (several ? ",there" : "") + (withLogits ? ",logit" : ""));
        foreach (ImagePrediction image in predictions)
        {
            int rank = 0;
            if (image.IsUnsure) output.WriteLine($"{CsvText.Of(image.Image)},0,{Unsure}," + (withLogits ? "," : ""));
            foreach (Prediction prediction in image.Predictions.Take(Math.Max(count, image.Chosen.Count)))
            {
                rank++;
                output.Write($"{CsvText.Of(image.Image)},{rank},{CsvText.Of(prediction.Label)},");
                output.Write(Number((float)prediction.Probability));
                if (several) output.Write(image.Chosen.Contains(prediction) ? ",1" : ",0");
                output.WriteLine(withLogits ? "," + Number(image.Logits[prediction.Index]) : "");
            }
        }
    }

    internal static void WriteJson(TextWriter output, IReadOnlyList<ImagePrediction> predictions, int count, bool withLogits) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteStartArray();
            foreach (ImagePrediction image in predictions) WriteImage(json, image, count, withLogits);
            json.WriteEndArray();
        });

    static void WriteImage(Utf8JsonWriter json, ImagePrediction image, int count, bool withLogits)
    {
        json.WriteStartObject();
        json.WriteString("image", image.Image);
        if (image.Error is { } error) json.WriteString("error", error);
        else if (image.Numbers.Count == 0 && !image.IsOfSeveral)
        {
            json.WriteString("label", image.Label); // null where it is unsure
            json.WriteBoolean("unsure", image.IsUnsure);
        }
        if (image.Numbers.Count > 0)
        {
            json.WriteStartObject("numbers");
            foreach (NumberPrediction number in image.Numbers) JsonOutput.WriteFinite(json, number.Name, (float)number.Value);
            json.WriteEndObject();
        }
        if (image.IsOfSeveral)
        {
            json.WriteStartArray("labels");
            foreach (Prediction prediction in image.Chosen) json.WriteStringValue(prediction.Label);
            json.WriteEndArray();
        }
        json.WriteStartArray("predictions");
        foreach (Prediction prediction in image.Predictions.Take(Math.Max(count, image.Chosen.Count)))
        {
            json.WriteStartObject();
            json.WriteString("label", prediction.Label);
            // from float32 logits: more digits would say nothing
            JsonOutput.WriteFinite(json, "probability", (float)prediction.Probability);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (withLogits)
        {
            json.WriteStartArray("logits");
            foreach (float value in image.Logits) JsonOutput.WriteFinite(json, value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
}
