using Graft.Imaging;

namespace Graft;

/// <summary>Where a predicted mask is wrong: red over the darkened grey photograph; what is ignored is hatched.</summary>
static class ErrorMap
{
    const int Dimming = 2, Stripe = 4;

    /// <summary>Paints the map.</summary>
    /// <param name="image">the photograph, unchanged</param>
    /// <param name="truth">of its size</param>
    /// <param name="predicted">of its size</param>
    public static Image Paint(Image image, IndexMask truth, IndexMask predicted)
    {
        Image result = image.Clone();
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = result.Row(y);
            ReadOnlySpan<ushort> right = truth.Row(y), taken = predicted.Row(y);
            for (int x = 0; x < right.Length; x++)
            {
                Span<byte> pixel = row.Slice(3 * x, 3);
                byte grey = (byte)((pixel[0] * 77 + pixel[1] * 150 + pixel[2] * 29 >> 8) / Dimming); // luma, as Rec. 601 has it
                if (right[x] == IndexMask.Ignore) grey = (x + y) / Stripe % 2 == 0 ? (byte)230 : (byte)200;
                pixel.Fill(grey);
                if (right[x] != IndexMask.Ignore && right[x] != taken[x]) (pixel[0], pixel[1], pixel[2]) = (230, 40, 40);
            }
        }
        return result;
    }
}
