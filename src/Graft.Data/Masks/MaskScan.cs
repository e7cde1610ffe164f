using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// A look at every mask before anything is trained: what values and colours there are, whether sizes fit, what each class has.
/// </summary>
/// <param name="root">what messages call the data</param>
/// <param name="list">the class list, if there is one</param>
/// <param name="options">how it is read</param>
/// <param name="note">told what might surprise</param>
sealed class MaskScan(string root, ClassList? list, SegmentationOptions options, Action<string> note)
{
    const int Probes = 16, Shown = 3;

    readonly bool wantsColors = list?.Labels.Any(label => label.Color is not null) == true;

    /// <summary>The samples with what their masks have, and what pixels mean.</summary>
    /// <param name="samples">all of them</param>
    /// <param name="known">what pixels mean, where that needs no look; else null</param>
    /// <param name="progress">told how many of how many are done</param>
    /// <param name="cancellation">ends it</param>
    /// <exception cref="InvalidDataException">The masks can't be used; the message says why.</exception>
    public (MaskEncoding Encoding, Sample[] Samples) Run(
        IReadOnlyList<Sample> samples, MaskEncoding? known, Action<int, int>? progress, CancellationToken cancellation)
    {
        bool asks = list is null || (!list.HasValues && list.Labels.Count(label => !label.IsIgnored) == 2);
        int wanted = options.Scan ? samples.Count : asks && known is null ? Math.Min(Probes, samples.Count) : 0;
        // an even choice, where not all are looked at
        int[] places = [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * samples.Count / wanted))];
        var seen = new Look?[samples.Count];
        int done = 0;
        Parallel.ForEach(places, new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, 16),
        }, place =>
        {
            seen[place] = LookAt(samples[place], known);
            progress?.Invoke(Interlocked.Increment(ref done), wanted);
        });
        ThrowIfAny([.. seen.Where(look => look?.Error is not null).Select(look => look!.Error!)]);
        MaskEncoding encoding = known ?? MaskMeaning.Of(
            root, list, options, [.. seen.Where(look => look is not null).Select(look => look!.Content!)], note);
        List<string> errors = [];
        Sample[] counted = [.. samples.Select((sample, i) => seen[i]?.Content is { } content
            ? sample with { PixelCounts = MaskMeaning.Count(content, encoding, sample.Mask!.Path, errors) } : sample)];
        ThrowIfAny(errors);
        if (wanted == samples.Count) Tell(encoding, counted, seen);
        return (encoding, counted);
    }

    Look LookAt(Sample sample, MaskEncoding? known)
    {
        try
        {
            ImageInfo image = default;
            try
            {
                image = ImageHeader.Read(sample.Path);
            }
            catch (Exception error) when (BadImages.IsAbout(error))
            {
                // a bad image is the loader's to tell and to skip; its mask may tell of values all the same
            }
            MaskContent content = sample.Mask!.Inspect(known, image.Width, image.Height, wantsColors);
            if (image.Width == 0 || Fits(content, image)) return new Look(image, content, null);
            bool exchanged = image.Orientation >= 5 && !options.IgnoreOrientation;
            (int width, int height) = exchanged ? (image.Height, image.Width) : (image.Width, image.Height);
            return new Look(image, null,
                $"{sample.Mask.Path}: expected a mask of the image's size, {width} x {height}, found {content.Width} x "
                + $"{content.Height}. Make both the same; masks are resized by nearest only.");
        }
        catch (Exception error) when (BadImages.IsAbout(error))
        {
            string reason = BadImages.Reason(error), path = sample.Mask!.Path;
            return new Look(default, null, reason.StartsWith(path, StringComparison.Ordinal) ? reason : $"{path}: {reason}");
        }
    }

    bool Fits(MaskContent content, ImageInfo image) =>
        (content.Width == image.Width && content.Height == image.Height)
        || (image.Orientation >= 5 && !options.IgnoreOrientation && content.Width == image.Height
            && content.Height == image.Width);

    static void ThrowIfAny(List<string> errors)
    {
        if (errors.Count == 0) return;
        string more = errors.Count > 1 ? $" ({errors.Count - 1} more mask{(errors.Count > 2 ? "s" : "")} like it)" : "";
        throw new InvalidDataException(errors[0] + more);
    }

    void Tell(MaskEncoding encoding, Sample[] samples, Look?[] seen)
    {
        int classes = encoding.Names.Count;
        string[] unseen =
        [
            .. encoding.Names.Where((_, number) => samples.All(sample => !(sample.PixelCounts?[number] > 0))),
        ];
        if (unseen.Length > 0)
            note($"{root}: no mask has a pixel of {Listing.Of(unseen)}");
        Sample[] empty =
            [.. samples.Where(sample => sample.PixelCounts is { } counts && counts.Take(classes).All(count => count == 0))];
        if (empty.Length > 0) note($"{root}: {Masks(empty)} no pixel that counts: all are ignored");
        Sample[] single =
            [.. samples.Where(sample => sample.PixelCounts is { } counts && counts.Take(classes).Count(count => count > 0) == 1)];
        if (single.Length > 0) note($"{root}: {Masks(single)} one class only");
        if (options.Crop is not var (height, width)) return;
        int small = seen.Count(look => look!.Image.Width > 0 && (look.Image.Width < width || look.Image.Height < height));
        if (small > 0)
            note($"{root}: {small} of {samples.Length} images are smaller than the crop of {width} x {height}: what they lack is "
                + "added and ignored");

        string Masks(Sample[] its) => its.Length == 1 ? $"the mask {its[0].Mask!.Path} has"
            : $"{its.Length} of {samples.Length} masks ({string.Join(", ", its.Take(Shown).Select(sample => sample.Name))}"
                + $"{(its.Length > Shown ? ", ..." : "")}) have";
    }

    sealed record Look(ImageInfo Image, MaskContent? Content, string? Error);
}
