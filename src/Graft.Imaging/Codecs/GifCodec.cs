namespace Graft.Imaging.Codecs;

static class GifCodec
{
    public static Image Decode(ReadOnlySpan<byte> data, string prefix) => throw new NotSupportedException(prefix + "not read yet");

    public static (int Width, int Height, string Mode) Identify(ReadOnlySpan<byte> data, string prefix) =>
        throw new NotSupportedException(prefix + "not read yet");
}
