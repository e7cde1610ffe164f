using Graft.Imaging;

namespace Graft.Data;

/// <summary>Opening an image together with its mask.</summary>
static class MaskedFiles
{
    /// <summary>The pair, upright; shared ones are the cache's: read, never changed nor disposed.</summary>
    public static (MaskedImage Pair, bool Shared) Open(
        Sample sample, MaskEncoding masks, bool ignoreOrientation, ImageCache? cache)
    {
        if (sample.Mask is not { } source) throw new InvalidDataException($"{sample.Path}: expected a mask, found none.");
        ImageCache.Key key = new(sample.Path, ignoreOrientation, 0, null);
        ImageCache.Stamp stamp = default, maskStamp = default;
        if (cache is not null)
        {
            (stamp, maskStamp) = (ImageCache.Stamp.Of(sample.Path), ImageCache.Stamp.Of(source.Path));
            if (cache.TryGet(key, stamp, out Image? kept)
                && cache.TryGetMask(key, source, masks, maskStamp, out IndexMask? keptMask))
                return (new MaskedImage(kept, keptMask), true);
        }
        (Image image, ImageInfo info) = Decode(sample.Path, ignoreOrientation);
        try
        {
            IndexMask mask = source.Read(masks, info, ignoreOrientation);
            if (cache is not null)
            {
                if (!cache.TryGet(key, stamp, out _)) cache.Add(key, stamp, image);
                cache.AddMask(key, source, masks, maskStamp, mask);
            }
            return (new MaskedImage(image, mask), false);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>The classes as a loss wants them.</summary>
    public static void WriteTargets(IndexMask mask, Span<long> targets)
    {
        ReadOnlySpan<ushort> values = mask.Pixels;
        for (int i = 0; i < values.Length; i++)
            targets[i] = values[i] == IndexMask.Ignore ? LossTargets.Ignore : values[i];
    }

    static (Image Image, ImageInfo Info) Decode(string path, bool ignoreOrientation) => ImageFile.Decode(
        path, data => (ImageCodec.Decode(data, ignoreOrientation), ImageCodec.Identify(data)));
}
