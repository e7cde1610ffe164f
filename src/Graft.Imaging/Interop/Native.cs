using System.Runtime.InteropServices;
using System.Text;

namespace Graft.Imaging.Interop;

/// <summary>The P/Invoke half of <c>native/imaging/graft_imaging.h</c>.</summary>
static unsafe partial class Native
{
    const string Library = "graft_imaging";
    public const int ErrorSize = 256;

    /// <summary>The status of what is valid, but not read.</summary>
    public const int Unsupported = 2;

    /// <summary>Mirrors <c>graft_imaging_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public int Width, Height, FullWidth, FullHeight, Mode;
    }

    [LibraryImport(Library)]
    public static partial int graft_imaging_open(
        int format, byte* data, nuint size, int minimumSide, long maximumPixels, nint* decoder, Info* info, byte* error,
        int errorSize);

    [LibraryImport(Library)]
    public static partial int graft_imaging_read(nint decoder, byte* rgb, nuint size, byte* error, int errorSize);

    [LibraryImport(Library)]
    public static partial int graft_imaging_read_part(
        nint decoder, int left, int top, int width, int height, byte* rgb, nuint size, byte* error, int errorSize);

    [LibraryImport(Library)]
    public static partial int graft_imaging_read_indices(nint decoder, ushort* values, nuint count, byte* error, int errorSize);

    [LibraryImport(Library)]
    public static partial void graft_imaging_close(nint decoder);

    [LibraryImport(Library)]
    public static partial int graft_imaging_encode_png(
        byte* rgb, int width, int height, int compression, byte** data, nuint* size, byte* error, int errorSize);

    [LibraryImport(Library)]
    public static partial int graft_imaging_encode_jpeg(
        byte* rgb, int width, int height, int quality, byte** data, nuint* size, byte* error, int errorSize);

    [LibraryImport(Library)]
    public static partial void graft_imaging_free(byte* data);

    [LibraryImport(Library)]
    public static partial int graft_imaging_abi();

    [LibraryImport(Library)]
    public static partial nint graft_imaging_versions();

    /// <summary>Whether the library is new enough to have <see cref="graft_imaging_read_part"/>.</summary>
    public static bool ReadsParts { get; } = graft_imaging_abi() >= 2;

    /// <summary>Whether the library is new enough to have <see cref="graft_imaging_read_indices"/>.</summary>
    public static bool ReadsIndices { get; } = graft_imaging_abi() >= 3;

    /// <summary>The text that the native side left in its error buffer.</summary>
    public static string Text(byte* error) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error));

    /// <summary>Throws for a status other than OK.</summary>
    public static void Check(int status, byte* error, string prefix)
    {
        if (status == 0) return;
        string text = prefix + Text(error);
        throw status switch
        {
            Unsupported => new NotSupportedException(text),
            3 => new OutOfMemoryException(text),
            _ => new InvalidDataException(text),
        };
    }
}
