using Graft.Imaging;
using Microsoft.Win32.SafeHandles;

namespace Graft.Data;

/// <summary>What image files say of themselves, without reading more of them than that takes.</summary>
static class ImageHeader
{
    const int Enough = 1 << 18;

    /// <summary>Size and orientation of an image.</summary>
    /// <exception cref="InvalidDataException">It is no image.</exception>
    /// <exception cref="NotSupportedException">An image of a kind that is not read.</exception>
    public static ImageInfo Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        byte[] bytes = new byte[(int)Math.Min(length, Enough)];
        int read = RandomAccess.Read(file, bytes, 0);
        try
        {
            return ImageCodec.Identify(bytes.AsSpan(0, read));
        }
        catch (Exception error) when (length > Enough && BadImages.IsAbout(error))
        {
            return ImageCodec.Identify(File.ReadAllBytes(path)); // long metadata, or a directory at the end
        }
    }
}
