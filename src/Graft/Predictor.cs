using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>Asks a model what images show.</summary>
/// <param name="model">the model, which stays the caller's</param>
public sealed class Predictor(SavedModel model)
{
    /// <summary>Images that go through the model at once.</summary>
    /// <value>16</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>Threads that decode images.</summary>
    /// <value>0: as many as cores</value>
    public int Workers { get; init; }

    /// <summary>Whether EXIF's orientation is ignored.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Several views of each image instead of one.</summary>
    /// <value>null: the image as it is</value>
    public TestTimeAugmentation? TestTime { get; init; }

    /// <summary>
    /// Whether probabilities are calibrated: logits are divided by <see cref="SavedModel.Temperature"/>. What is predicted stays
    /// the same.
    /// </summary>
    /// <value>false</value>
    public bool Calibrate { get; init; }

    /// <summary>The probability, in [0, 1], below which a prediction is marked as unsure.</summary>
    /// <value>null: none is</value>
    public double? MinimumConfidence { get; init; }

    /// <summary>
    /// What the model makes of each image, in their order; an unreadable one gets an <see cref="ImagePrediction.Error"/>.
    /// </summary>
    /// <param name="images">files, or folders, of which every image below is taken</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A folder has no images, or the model has no head.</exception>
    public IReadOnlyList<ImagePrediction> Predict(IEnumerable<string> images, CancellationToken cancellation = default) =>
        [.. Stream(images, cancellation)];

    /// <summary>What the model makes of one image.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no image that can be read.</exception>
    public ImagePrediction Predict(string image)
    {
        ImagePrediction only = Stream([image], default).First();
        return only.Error is null ? only : throw new InvalidDataException($"{image}: {only.Error}");
    }

    /// <summary>As <see cref="Predict(IEnumerable{string}, CancellationToken)"/>, each batch as soon as it is there.</summary>
    public IEnumerable<ImagePrediction> Stream(IEnumerable<string> images, CancellationToken cancellation = default)
    {
        model.RequireHead();
        if (Calibrate) model.RequireTemperature();
        IReadOnlyList<string> files = FindImages(images);
        return files.Count == 0 ? [] : Run(files, cancellation);
    }

    /// <summary>
    /// The files themselves, and every image below the folders, in the order of their names. Hidden ones are passed over.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A folder has no images.</exception>
    public static IReadOnlyList<string> FindImages(IEnumerable<string> paths)
    {
        List<string> files = [];
        HashSet<string> extensions = new(ImageCodec.Extensions, StringComparer.OrdinalIgnoreCase);
        var walk = new EnumerationOptions { RecurseSubdirectories = true };
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }
            if (!Directory.Exists(path)) throw new FileNotFoundException($"{path}: no such file or folder.", path);
            string[] below =
                [.. Directory.EnumerateFiles(path, "*", walk).Where(file => extensions.Contains(Path.GetExtension(file)))];
            if (below.Length == 0) throw new InvalidDataException($"{path}: no images in this folder or below.");
            Array.Sort(below, CodePointComparer.Instance);
            files.AddRange(below);
        }
        return files;
    }

    IEnumerable<ImagePrediction> Run(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var images = new ImageDataset("images", files.Select((file, i) => new Sample(file, Label: 0, i)), [""]);
        var bad = new BadImages(limit: 1);
        (ISampleReader reader, Func<Tensor, Tensor> forward, DataLoaderOptions options) = ViewedModel.Of(
            model, new SamplePipeline(model.Preprocess) { IgnoreOrientation = IgnoreOrientation }, TestTime, BatchSize, Workers);
        var loader = new DataLoader(images, reader, options, bad);
        int next = 0;
        foreach (Batch batch in loader.Epoch(0, cancellation))
        {
            float[] logits; // [N, K]
            Sample[] samples = [.. batch.Samples];
            using (batch)
            using (var scope = new TensorScope())
                logits = forward(batch.Images).ToArray<float>();
            int classes = logits.Length / samples.Length;
            for (int i = 0; i < samples.Length; i++)
            {
                for (; next < samples[i].Index; next++) yield return Unreadable(files[next], bad);
                next++;
                yield return Interpret(samples[i].Path, logits.AsSpan(i * classes, classes));
            }
        }
        for (; next < files.Count; next++) yield return Unreadable(files[next], bad);
    }

    ImagePrediction Interpret(string file, ReadOnlySpan<float> logits) => model.Network.Task.Problem switch
    {
        ProblemType.MultiLabel => Several(file, logits),
        ProblemType.Regression => Numbers(file, logits),
        _ => Single(file, logits),
    };

    ImagePrediction Single(string file, ReadOnlySpan<float> logits)
    {
        Prediction[] predictions = new Prediction[logits.Length];
        float[] raw = logits.ToArray();
        if (Calibrate) logits = Array.ConvertAll(raw, logit => (float)(logit / model.RequireTemperature()));
        for (int k = 0; k < predictions.Length; k++)
            predictions[k] = new Prediction(LabelOf(k), k, Math.Exp(-Training.Logits.CrossEntropy(logits, k)));
        double highest = predictions.Max(prediction => prediction.Probability);
        return new ImagePrediction
        {
            Image = file,
            IsUnsure = highest < MinimumConfidence || double.IsNaN(highest),
            // ties stay in the logits' order
            Predictions = [.. predictions.OrderByDescending(prediction => prediction.Probability)],
            Logits = raw,
        };
    }

    ImagePrediction Several(string file, ReadOnlySpan<float> logits)
    {
        Prediction[] predictions = new Prediction[logits.Length];
        for (int k = 0; k < predictions.Length; k++)
            predictions[k] = new Prediction(LabelOf(k), k, Training.Logits.Sigmoid(logits[k]));
        float[] values = logits.ToArray();
        Prediction[] ordered = [.. predictions.OrderByDescending(prediction => prediction.Probability)];
        return new ImagePrediction
        {
            Image = file,
            Predictions = ordered,
            IsOfSeveral = true,
            Chosen = [.. ordered.Where(prediction => model.Network.Task.Has(prediction.Index, values[prediction.Index]))],
            Logits = values,
        };
    }

    ImagePrediction Numbers(string file, ReadOnlySpan<float> values)
    {
        NumberPrediction[] numbers = new NumberPrediction[values.Length];
        for (int k = 0; k < numbers.Length; k++) numbers[k] = new NumberPrediction(LabelOf(k), values[k]);
        return new ImagePrediction { Image = file, Predictions = [], Numbers = numbers, Logits = values.ToArray() };
    }

    string LabelOf(int k) => k < model.Labels.Count ? model.Labels[k] : $"class {k}";

    static ImagePrediction Unreadable(string file, BadImages bad) => new()
    {
        Image = file,
        Predictions = [],
        Logits = [],
        Error = bad.Items.FirstOrDefault(item => item.Path == file)?.Reason ?? "can't be read",
    };
}
