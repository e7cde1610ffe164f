using Graft.Formats;
using Graft.Imaging;
using Graft.Reports;
using Graft.Torch;

namespace Graft;

/// <summary>Holds a model against logits that another tool recorded, so that anybody can prove a port.</summary>
public static class Verification
{
    const int Top = 5;

    /// <summary>Runs the recorded images, from their files on, and compares the logits.</summary>
    /// <exception cref="InvalidDataException">The model has no head.</exception>
    public static VerificationResult Run(
        SavedModel model, RecordedLogits recorded, VerificationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recorded);
        options ??= new VerificationOptions();
        model.RequireHead();
        List<VerifiedImage> images = [];
        foreach (RecordedImage image in recorded.Images)
        {
            cancellation.ThrowIfCancellationRequested();
            images.Add(Compare(model, image, recorded.Spread, options));
        }
        return new VerificationResult
        {
            Model = model.Path,
            Architecture = model.Architecture,
            Labels = model.Labels,
            Against = recorded.Path,
            Spread = recorded.Spread,
            Tolerance = options.Tolerance,
            Images = images,
        };
    }

    /// <summary>
    /// Writes a page with each picture, both models' likeliest classes side by side, and where they differ. One file, no
    /// scripts, nothing from elsewhere.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteReport(VerificationResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        AtomicFile.WriteText(path, VerificationReport.Build(result));
    }

    /// <summary>The likeliest classes, the likeliest first; ties in the logits' order.</summary>
    internal static int[] Likeliest(IReadOnlyList<float> logits, int count = Top) =>
        [.. Enumerable.Range(0, logits.Count).OrderByDescending(k => logits[k]).Take(count)];

    static VerifiedImage Compare(SavedModel model, RecordedImage image, double spread, VerificationOptions options)
    {
        float[] pixels, logits;
        Preprocess its = model.Preprocess;
        try
        {
            bool ignores = image.IsTurned is { } turned ? !turned : options.IgnoreOrientation;
            using Image picture = ImageCodec.Load(image.Path, ignores);
            its = its.For(picture.Width, picture.Height);
            pixels = new float[its.Channels * its.Height * its.Width];
            its.Apply(picture, pixels);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or IOException)
        {
            return NotCompared(image, [], error.Message);
        }
        using (var scope = new TensorScope())
        {
            Tensor input = Tensor.FromSpan<float>(pixels, [1, its.Channels, its.Height, its.Width]);
            Tensor given = model.Logits(input);
            logits = given.ToArray<float>();
            if (image.Map is { } map)
            {
                long[] found = [.. given.Shape.Skip(1)];
                if (!found.SequenceEqual(map.Shape.Select(size => (long)size)))
                    return NotCompared(image, [],
                        $"recorded is a map of {string.Join(" x ", map.Shape)}, and the model's is {string.Join(" x ", found)}");
                logits = map.Of(logits);
            }
        }
        if (logits.Length != image.Logits.Count)
            return NotCompared(image, logits, $"recorded are {image.Logits.Count} logits, and the model has {logits.Length}");
        IReadOnlyList<float> expected = image.Alternatives.Where(other => other.Count == logits.Length)
            .Prepend(image.Logits).MinBy(other => DifferenceOf(other, logits))!;
        double difference = DifferenceOf(expected, logits);
        double share = difference == 0 ? 0 : difference / spread;
        bool passed = share <= options.Tolerance;
        RecordedPixels? noted = image.Pixels is null ? null
            : RecordedPixels.Of(pixels, its.Channels, its.Height, its.Width, Math.Max(image.Pixels.First.Count, 1));
        double? pixelsAlike = image.Map is { Places: null } whole ? Alike(expected, logits, whole.Shape[0]) : null;
        bool isMap = image.Map is not null;
        int[] theirs = isMap ? [] : Likeliest(expected), ours = isMap ? [] : Likeliest(logits);
        return new VerifiedImage
        {
            Recorded = image,
            Expected = expected,
            Logits = logits,
            Pixels = noted,
            Difference = difference,
            Share = share,
            SameTop1 = isMap ? pixelsAlike is null or 1 : theirs[0] == ours[0],
            SamePixels = pixelsAlike,
            SameTop5 = theirs.Intersect(ours).Count(),
            TopClasses = theirs.Length,
            Passed = passed,
            Side = passed ? DifferenceSide.None : noted is null ? DifferenceSide.Unknown
                : image.Pixels!.Agrees(noted) ? DifferenceSide.Network : DifferenceSide.Preprocessing,
        };
    }

    /// <summary>The share of pixels whose likeliest class is the same.</summary>
    static double Alike(IReadOnlyList<float> one, float[] other, int classes)
    {
        int pixels = other.Length / classes, same = 0;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            int first = 0, second = 0;
            for (int k = 1; k < classes; k++)
            {
                if (one[k * pixels + pixel] > one[first * pixels + pixel]) first = k;
                if (other[k * pixels + pixel] > other[second * pixels + pixel]) second = k;
            }
            if (first == second) same++;
        }
        return (double)same / pixels;
    }

    static VerifiedImage NotCompared(RecordedImage image, float[] logits, string error) => new()
    {
        Recorded = image,
        Expected = image.Logits,
        Logits = logits,
        Difference = double.PositiveInfinity,
        Share = double.PositiveInfinity,
        SameTop1 = false,
        SameTop5 = 0,
        TopClasses = Math.Min(Top, image.Logits.Count),
        Passed = false,
        Side = DifferenceSide.Unknown,
        Error = error,
    };

    /// <summary>The largest difference; infinite where one is no number.</summary>
    static double DifferenceOf(IReadOnlyList<float> one, IReadOnlyList<float> other)
    {
        double largest = 0;
        for (int k = 0; k < one.Count; k++)
        {
            double difference = Math.Abs((double)one[k] - other[k]);
            if (double.IsNaN(difference)) return double.PositiveInfinity;
            largest = Math.Max(largest, difference);
        }
        return largest;
    }
}
