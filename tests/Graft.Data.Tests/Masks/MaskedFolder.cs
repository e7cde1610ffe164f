using Graft.Imaging;

namespace Graft.Data.Tests;

/// <summary>Drawing masks into a scratch folder.</summary>
static class MaskedFolder
{
    public static readonly string[] Classes = ["sky", "road", "car"];

    /// <summary>A mask of blocks: the values in turn, in squares of eight pixels.</summary>
    public static IndexMask Blocks(int width, int height, params int[] values)
    {
        IndexMask mask = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) mask.Row(y)[x] = (ushort)values[(x / 8 + y / 8 * 3) % values.Length];
        return mask;
    }

    public static ScratchFolder DrawMask(this ScratchFolder scratch, string name, IndexMask mask) =>
        scratch.Write(name, MaskCodec.EncodePng(mask, ignoreValue: IndexMask.Ignore));

    /// <summary>So many pairs: <c>images/000.jpg</c> and <c>masks/000.png</c> below a folder, of slowly changing sizes.</summary>
    public static ScratchFolder FillPairs(this ScratchFolder scratch, int count, string images = "images", string masks = "masks",
        int[]? values = null)
    {
        for (int i = 0; i < count; i++)
        {
            (int width, int height) = (40 + i % 5, 32 + i % 3);
            scratch.Draw(Path.Combine(images, $"{i:000}.jpg"), i + 1, width, height);
            scratch.DrawMask(Path.Combine(masks, $"{i:000}.png"), Blocks(width, height, values ?? [0, 1, 2, i % 3]));
        }
        return scratch;
    }

    public static ScratchFolder WriteText(this ScratchFolder scratch, string name, string text) =>
        scratch.Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public static ScratchFolder WriteClasses(this ScratchFolder scratch) =>
        scratch.WriteText("classes.json", """["sky", "road", "car"]""");
}
