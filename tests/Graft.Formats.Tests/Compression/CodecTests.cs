using System.Text;

namespace Graft.Formats.Tests;

/// <summary>The codecs by themselves; the golden files of Parquet are what others wrote with them.</summary>
public class CodecTests
{
    [Theory]
    [InlineData("nothing")]
    [InlineData("one")]
    [InlineData("zeros")]
    [InlineData("text")]
    [InlineData("noise")]
    [InlineData("few")]
    [InlineData("mixed")]
    public void Snappy_gives_back_what_it_was_given(string what)
    {
        byte[] data = what switch
        {
            "nothing" => [],
            "one" => [7],
            "zeros" => new byte[100_000],
            "text" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ants, bees; ", 9_000))),
            "noise" => Noise(70_000, 256),
            "few" => Noise(300_000, 4),
            _ => [.. Noise(1000, 256), .. new byte[500], .. Noise(1000, 256)],
        };
        byte[] encoded = new byte[Snappy.MaxEncodedLength(data.Length)];
        int length = Snappy.Encode(data, encoded);
        byte[] decoded = new byte[data.Length];
        Snappy.Decode(encoded.AsSpan(0, length), decoded);
        Assert.Equal(data, decoded);
        if (data.Length > 1000 && data.Distinct().Count() < 20) Assert.InRange(length, 1, data.Length * 3 / 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("04 0c 61626364", "abcd")] // a literal
    [InlineData("0a 04 6162 11 02", "ab" + "abababab", 10)] // a copy of 8 bytes from 2 before
    [InlineData("05 04 6162 0a 0200", "ab" + "aba", 5)]
    public void Snappy_reads_the_formats_elements(string hex, string? text = null, int length = 4)
    {
        byte[] source = Convert.FromHexString(hex.Replace(" ", ""));
        byte[] decoded = new byte[text is null ? 0 : length];
        if (text is null) Assert.Throws<InvalidDataException>(() => Snappy.Decode(source, decoded));
        else
        {
            Snappy.Decode(source, decoded);
            Assert.Equal(text, Encoding.UTF8.GetString(decoded));
        }
    }

    [Fact]
    public void Hadoop_frames_of_LZ4_are_told_from_bare_blocks()
    {
        byte[] block = [0x40, .. "ants"u8]; // a token, four literals
        byte[] framed = [0, 0, 0, 4, 0, 0, 0, 5, .. block, 0, 0, 0, 4, 0, 0, 0, 5, .. block];
        byte[] decoded = new byte[8];
        Assert.True(Lz4Block.TryDecodeHadoop(framed, decoded));
        Assert.Equal("antsants"u8, decoded);
        Assert.False(Lz4Block.TryDecodeHadoop(block, decoded));
        Lz4Block.Decode(block, decoded.AsSpan(0, 4));
        Assert.Throws<InvalidDataException>(() => Lz4Block.Decode(block, decoded));
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void XxHash_is_the_references(string text, ulong hash) =>
        Assert.Equal(hash, XxHash64.Of(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("28B52FFD 00 58 190000 616263 ", "abc")] // a raw block, without a length
    [InlineData("28B52FFD 20 05 2B0000 78", "xxxxx")] // one byte repeated
    [InlineData("502A4D18 03000000 FFFFFF 28B52FFD 20 05 2B0000 78", "xxxxx")] // behind a skippable frame
    [InlineData("28B52FFD 20 02 110000 6162 28B52FFD 20 03 1B0000 63", "abccc")] // two frames
    public void Zstandard_reads_what_is_written_by_hand(string hex, string text)
    {
        byte[] decoded = new byte[text.Length];
        Zstandard.Decode(Convert.FromHexString(hex.Replace(" ", "")), decoded);
        Assert.Equal(text, Encoding.ASCII.GetString(decoded));
    }

    [Theory]
    [InlineData("28B52FFD 20 05 2B0000")] // cut
    [InlineData("28B52FFD 20 06 2B0000 78")] // another length than announced
    [InlineData("28B52FFE 20 05 2B0000 78")] // no frame
    [InlineData("28B52FFD 28 05 2B0000 78")] // a reserved bit
    [InlineData("28B52FFD 24 05 2B0000 78 00000000")] // a wrong checksum
    [InlineData("28B52FFD 20 05 2F0000 78")] // a reserved kind of block
    [InlineData("28B52FFD 20 05 2D0000 7878787878")] // a block whose sections are nonsense
    public void Zstandard_refuses_damage(string hex) => Assert.Throws<InvalidDataException>(
        () => Zstandard.Decode(Convert.FromHexString(hex.Replace(" ", "")), new byte[5]));

    [Fact]
    public void Zstandard_tells_that_it_knows_no_dictionaries() => Assert.Throws<NotSupportedException>(
        () => Zstandard.Decode(Convert.FromHexString("28B52FFD2107052B000078"), new byte[5]));

    static byte[] Noise(int length, int values)
    {
        Random random = new(length);
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) noise[i] = (byte)random.Next(values);
        return noise;
    }
}
