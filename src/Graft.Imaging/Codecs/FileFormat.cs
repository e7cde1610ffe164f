namespace Graft.Imaging.Codecs;

/// <summary>Formats told apart by their first bytes. The first four have the native decoder's numbers.</summary>
enum FileFormat
{
    Unknown = 0,
    Jpeg = 1,
    Png = 2,
    Webp = 3,
    Tiff = 4,
    Bmp = 5,
    Gif = 6,
}
