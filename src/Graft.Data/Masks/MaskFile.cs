using Graft.Imaging;

namespace Graft.Data;

/// <summary>A mask that is a picture of its own: values, or colours of a class list.</summary>
/// <param name="Path">The file.</param>
public sealed record MaskFile(string Path) : MaskSource(Path)
{
    // a photograph among the masks has about as many colours as pixels
    const int MostColors = 4096;

    private protected override IndexMask Load(MaskEncoding encoding, int imageWidth, int imageHeight) =>
        encoding.Decode(Bytes(Path), Path);

    internal override MaskContent Inspect(MaskEncoding? known, int imageWidth, int imageHeight, bool wantsColors)
    {
        byte[] data = Bytes(Path);
        using IndexMask? stored = MaskEncoding.DecodeStored(data, Path, greyToo: !wantsColors);
        if (stored is not null)
            return new MaskContent(stored.Width, stored.Height, Counts(stored), MaskContentKind.Values);
        Dictionary<int, long> counts = [];
        using Image image = ImageCodec.Decode(data, ignoreOrientation: true, Path);
        ReadOnlySpan<byte> rgb = image.Rgb;
        for (int at = 0, run = 1; at < rgb.Length; at += 3, run++)
        {
            int color = rgb[at] << 16 | rgb[at + 1] << 8 | rgb[at + 2];
            bool goesOn = at + 3 < rgb.Length && color == (rgb[at + 3] << 16 | rgb[at + 4] << 8 | rgb[at + 5]);
            if (goesOn) continue;
            counts[color] = counts.GetValueOrDefault(color) + run;
            run = 0;
            if (counts.Count > MostColors)
                throw new InvalidDataException(
                    $"{Path}: expected one colour a class, found more than {MostColors}: a photograph among the masks?");
        }
        return new MaskContent(image.Width, image.Height, counts, MaskContentKind.Colors);
    }
}
