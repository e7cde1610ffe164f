using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;

namespace Graft;

/// <summary>
/// The images on which a segmentation model does best and worst, with their true and predicted masks: <c>segments/</c> in a
/// run's folder, <c>index.json</c> and two PNG files for each, whose values are the classes.
/// </summary>
/// <param name="worst">how many of the worst are kept</param>
/// <param name="best">how many of the best</param>
sealed class SegmentationGallery(int worst = 8, int best = 4)
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FolderName = "segments";

    const int Ignored = ushort.MaxValue; // no class of any model
    const string Index = "index.json", Truth = "truth.png", Predicted = "predicted.png";

    // encoded at once: what is kept stays small, however large the images
    readonly List<(SegmentedSample Sample, byte[] Truth, byte[] Predicted)> low = [], high = [];

    /// <summary>Takes an image into consideration.</summary>
    public void Offer(SegmentedSample sample, IndexMask predicted, IndexMask truth)
    {
        if (double.IsNaN(sample.MeanIoU)) return;
        (byte[], byte[])? made = null;
        Insert(low, worst, (left, right) => left.MeanIoU < right.MeanIoU);
        Insert(high, best, (left, right) => left.MeanIoU > right.MeanIoU);

        void Insert(
            List<(SegmentedSample Sample, byte[], byte[])> list, int most,
            Func<SegmentedSample, SegmentedSample, bool> comesFirst)
        {
            int at = list.FindIndex(kept => comesFirst(sample, kept.Sample));
            if (at < 0) at = list.Count;
            if (at >= most) return;
            made ??= (MaskCodec.EncodePng(truth, null, Ignored), MaskCodec.EncodePng(predicted, null, Ignored));
            list.Insert(at, (sample, made.Value.Item1, made.Value.Item2));
            if (list.Count > most) list.RemoveAt(most);
        }
    }

    /// <summary>Writes what was kept into a run's folder.</summary>
    /// <param name="run">the run's folder</param>
    /// <param name="data">the data's folder, below which images are named</param>
    /// <param name="palette">the colour of each class</param>
    public void Write(string run, string data, IReadOnlyList<RgbColor> palette)
    {
        string folder = Path.Combine(run, FolderName);
        Directory.CreateDirectory(folder);
        List<SegmentedEntry> entries = [];
        // an image of few is among the best and the worst: it is shown where it is, not twice
        HashSet<SegmentedSample> shown = [.. low.Select(one => one.Sample)];
        Put("worst", low);
        Put("best", [.. high.Where(one => !shown.Contains(one.Sample))]);
        var whole = new SegmentedImages([.. palette.Select(color => new[] { (int)color.Red, color.Green, color.Blue })], entries);
        byte[] index = JsonSerializer.SerializeToUtf8Bytes(whole);
        AtomicFile.Write(Path.Combine(folder, Index), stream => stream.Write(index), index.Length);

        void Put(string kind, IReadOnlyList<(SegmentedSample Sample, byte[] Truth, byte[] Predicted)> list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                string name = $"{kind}-{i + 1}";
                AtomicFile.Write(Path.Combine(folder, $"{name}-{Truth}"), stream => stream.Write(list[i].Truth));
                AtomicFile.Write(Path.Combine(folder, $"{name}-{Predicted}"), stream => stream.Write(list[i].Predicted));
                SegmentedSample sample = list[i].Sample;
                entries.Add(new SegmentedEntry(
                    kind, RunPredictions.Below(Path.GetFullPath(data), sample.Image), sample.MeanIoU, sample.PixelAccuracy,
                    $"{name}-{Truth}", $"{name}-{Predicted}"));
            }
        }
    }

    /// <summary>What lies in a run's folder; null where it has no gallery.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public static SegmentedImages? Read(string run)
    {
        string index = Path.Combine(run, FolderName, Index);
        if (!File.Exists(index)) return null;
        try
        {
            return JsonSerializer.Deserialize<SegmentedImages>(File.ReadAllBytes(index));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{index}: expected the list of segmented images that Graft wrote: {error.Message}");
        }
    }

    /// <summary>A mask of an entry; null where the file is gone or damaged.</summary>
    public static IndexMask? Mask(string run, string name)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(run, FolderName, Path.GetFileName(name)));
            IndexMask mask = MaskEncoding.DecodeStored(bytes, name) ?? throw new InvalidDataException($"{name}: no mask");
            Span<ushort> values = mask.Pixels;
            foreach (ref ushort value in values)
                if (value == Ignored) value = IndexMask.Ignore;
            return mask;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
