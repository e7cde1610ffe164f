using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// A mask in several files, one for each class: a pixel that is not 0 is of that class; where several claim it, the last. What no
/// file claims is of the class <c>background</c>; where there is no such class, it is ignored.
/// </summary>
/// <param name="Path">The folder that messages name.</param>
/// <param name="Files">The files and the names of their classes.</param>
public sealed record MaskFilesByClass(string Path, IReadOnlyList<(string Class, string File)> Files) : MaskSource(Path)
{
    private protected override IndexMask Load(MaskEncoding encoding, int imageWidth, int imageHeight)
    {
        IndexMask? mask = null;
        try
        {
            foreach ((string name, string file) in Files)
            {
                ushort number = encoding.ClassOf(name)
                    ?? throw new InvalidDataException($"{file}: expected a class of the class list, found '{name}'.");
                using IndexMask its = MaskEncoding.DecodeStored(Bytes(file), file)
                    ?? throw new InvalidDataException($"{file}: expected one class in black and white, found colours.");
                if (mask is null)
                {
                    mask = new IndexMask(its.Width, its.Height);
                    mask.Pixels.Fill(encoding.ClassOf(MaskShapes.Background) ?? IndexMask.Ignore);
                }
                if (mask.Width != its.Width || mask.Height != its.Height)
                    throw new InvalidDataException(
                        $"{file}: expected the size of the other masks of the image, {mask.Width} x {mask.Height}, found "
                        + $"{its.Width} x {its.Height}.");
                ReadOnlySpan<ushort> from = its.Pixels;
                Span<ushort> to = mask.Pixels;
                for (int i = 0; i < from.Length; i++)
                    if (from[i] != 0) to[i] = number;
            }
            return mask ?? throw new InvalidDataException($"{Path}: expected a mask for a class at least, found none.");
        }
        catch
        {
            mask?.Dispose();
            throw;
        }
    }

    internal override MaskContent Inspect(MaskEncoding? known, int imageWidth, int imageHeight, bool wantsColors) =>
        Counted(known!, imageWidth, imageHeight);
}
