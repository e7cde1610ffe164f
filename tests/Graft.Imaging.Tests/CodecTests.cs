namespace Graft.Imaging.Tests;

/// <summary>Every kind of file against Pillow, bad files, encoders.</summary>
public class CodecTests
{
    [Fact]
    public void EveryKindHasPillowsPixels()
    {
        List<string> wrong = [];
        foreach (GoldenPicture picture in GoldenPicture.All)
        {
            try
            {
                byte[] data = picture.Data;
                ImageInfo info = ImageCodec.Identify(data);
                if (info.Format != picture.Format || info.Width != picture.Size[0] || info.Height != picture.Size[1]
                    || info.Orientation != picture.Orientation)
                    wrong.Add($"{picture.Name}: {info}, expected {picture.Size[0]} x {picture.Size[1]}, {picture.Orientation}");
                using Image image = ImageCodec.Decode(data, ignoreOrientation: true);
                if ((image.Width, image.Height) != (picture.Size[0], picture.Size[1]) || Crc.Of(image.Rgb) != picture.Crc)
                    wrong.Add(picture.Name + ": other pixels");
                using Image upright = ImageCodec.Decode(data);
                if (Crc.Of(upright.Rgb) != (picture.Upright ?? picture.Crc)) wrong.Add(picture.Name + ": not upright");
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                wrong.Add($"{picture.Name}: {error.Message}");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {GoldenPicture.All.Count} are wrong:\n" + string.Join('\n', wrong));
        Assert.True(GoldenPicture.All.Count > 200);
    }

    [Fact]
    public void ModesHavePillowsNames()
    {
        List<string> wrong = [];
        foreach (GoldenPicture picture in GoldenPicture.All)
        {
            string mode = ImageCodec.Identify(picture.Data).Mode;
            if (mode != picture.Mode) wrong.Add($"{picture.Name}: {mode}, expected {picture.Mode}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void TruncatedFilesFailWherePillowFails()
    {
        List<string> wrong = [];
        int count = 0;
        foreach (GoldenPicture picture in GoldenPicture.All)
        {
            if (picture.Needs is not { } needs) continue;
            count++;
            byte[] data = picture.Data;
            // libpng wants the checksums behind the pixels as well, Pillow does not
            int enough = picture.Format == "PNG" ? needs + 10 : needs;
            try
            {
                using Image whole = ImageCodec.Decode(data.AsSpan(0, enough), ignoreOrientation: true);
                if (Crc.Of(whole.Rgb) != picture.NeedsCrc)
                    wrong.Add($"{picture.Name}: other pixels from the first {needs} bytes");
            }
            catch (InvalidDataException error)
            {
                wrong.Add($"{picture.Name}: {enough} of {data.Length} bytes should be enough, here: {error.Message}");
            }
            try
            {
                ImageCodec.Decode(data.AsSpan(0, needs - 1), ignoreOrientation: true).Dispose();
                wrong.Add($"{picture.Name}: {needs - 1} of {data.Length} bytes are not enough for Pillow, but are here");
            }
            catch (InvalidDataException error)
            {
                if (!error.Message.Contains("truncated", StringComparison.Ordinal)) wrong.Add($"{picture.Name}: {error.Message}");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} are wrong:\n" + string.Join('\n', wrong));
        Assert.True(count > 25);
    }

    [Fact]
    public void RunLengthSkipsLeaveTheFirstColour()
    {
        byte[] data =
        [
            .. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 66, 0, 0, 0, 40, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
            9, 9, 9, 0, 50, 50, 50, 0, 99, 99, 99, 0, // the palette
            1, 1, 0, 2, 2, 1, 1, 2, 0, 0, 2, 1, 0, 1,
        ];
        using Image image = ImageCodec.Decode(data);
        byte[] red = [.. Enumerable.Range(0, 12).Select(i => image.Rgb[i * 3])];
        Assert.Equal([50, 50, 9, 9, 9, 9, 9, 99, 50, 9, 9, 9], red); // rows from the bottom
    }

    [Fact]
    public void BadFilesAreNamedInOneLine()
    {
        Check("is empty (0 bytes)", []);
        Check("is a text file, not an image", "<!DOCTYPE html>\n<p>Not found \u00e9\u20ac</p>"u8);
        Check("is not an image that can be read", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Check("truncated JPEG", [0xff, 0xd8, 0xff, 0xe0]);
        Check("invalid JPEG", [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0, 0xff, 0xd9]);
        Check("truncated PNG", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
        Check("truncated GIF", "GIF89a"u8);
        Check("truncated WebP", GoldenPicture.All.First(picture => picture.Name == "webp lossy").Data.AsSpan(0, 300));
        Check("invalid TIFF", [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
        NotSupportedException heic = Assert.Throws<NotSupportedException>(
            () => ImageCodec.Decode([0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0], name: "photo.jpg"));
        Assert.StartsWith("photo.jpg: is a HEIC image", heic.Message);

        static void Check(string expected, ReadOnlySpan<byte> data)
        {
            byte[] copy = data.ToArray();
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(copy, name: "photo.jpg"));
            Assert.StartsWith("photo.jpg: " + expected, error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void BombsAreRefusedBeforeAnythingIsAllocated()
    {
        byte[] png = GoldenPicture.All.First(picture => picture.Name == "png gamma").Data;
        // a header that says 20000 x 20000, with the right checksum
        byte[] header = [.. "IHDR"u8, 0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20, 8, 0, 0, 0, 0];
        header.CopyTo(png, 12);
        uint crc = Crc.Of(header);
        for (int i = 0; i < 4; i++) png[29 + i] = (byte)(crc >> 24 - 8 * i);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(png, name: "bomb.png"));
        Assert.Contains("20000 x 20000 pixels are more than the limit of 178956970", error.Message);

        byte[] gif = GoldenPicture.All.First(picture => picture.Name == "gif").Data;
        gif[6] = gif[7] = gif[8] = gif[9] = 0xff;
        Assert.Contains("limit", Assert.Throws<InvalidDataException>(() => ImageCodec.Decode(gif)).Message);
    }

    [Fact]
    public void FilesAreNamedAndMissingOnesAreFileNotFound()
    {
        string path = Path.Combine(Path.GetTempPath(), $"graft {Guid.NewGuid():N} \u00fc.jpg");
        Assert.Throws<FileNotFoundException>(() => ImageCodec.Load(path));
        try
        {
            File.WriteAllText(path, "hello");
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => ImageCodec.Load(path));
            Assert.Equal(path + ": is a text file, not an image", error.Message);
            File.WriteAllBytes(path, GoldenPicture.All[0].Data);
            using Image image = ImageCodec.Load(path);
            Assert.Equal(GoldenPicture.All[0].Crc, Crc.Of(image.Rgb));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ScaledDecodingKeepsTheSideAskedFor()
    {
        using Image large = new(1001, 803);
        for (int y = 0; y < large.Height; y++)
            for (int x = 0; x < large.Width; x++)
                ((byte[])[(byte)(x / 4), (byte)(y / 4), (byte)((x + y) / 8)]).CopyTo(large.Row(y)[(x * 3)..]);
        byte[] jpeg = ImageCodec.EncodeJpeg(large);
        Assert.Equal((1001, 803), Size(0));
        Assert.Equal((1001, 803), Size(500));
        Assert.Equal((501, 402), Size(401));
        Assert.Equal((251, 201), Size(150));
        Assert.Equal((126, 101), Size(1));
        using Image half = ImageCodec.Decode(jpeg, minimumSide: 400);
        using Image expected = Resize.Apply(large, 501, 402, Interpolation.Box);
        double difference = 0;
        for (int i = 0; i < half.Rgb.Length; i++) difference += Math.Abs(half.Rgb[i] - expected.Rgb[i]);
        Assert.InRange(difference / half.Rgb.Length, 0, 3);

        (int, int) Size(int minimumSide)
        {
            using Image image = ImageCodec.Decode(jpeg, minimumSide: minimumSide);
            return (image.Width, image.Height);
        }
    }

    [Fact]
    public void EncodersWriteWhatDecodersRead()
    {
        using Image image = new(53, 37);
        new Random(1).NextBytes(image.Rgb);
        byte[] png = ImageCodec.EncodePng(image);
        using Image back = ImageCodec.Decode(png);
        Assert.True(back.Rgb.SequenceEqual(image.Rgb));
        Assert.Equal(new ImageInfo("PNG", 53, 37, "RGB", 1), ImageCodec.Identify(png));
        image.Rgb.Fill(77);
        byte[] jpeg = ImageCodec.EncodeJpeg(image, 95);
        using Image flat = ImageCodec.Decode(jpeg);
        foreach (byte value in flat.Rgb) Assert.InRange(value, 75, 79);
        using Image thumbnail = flat.Thumbnail(20);
        Assert.Equal((20, 14), (thumbnail.Width, thumbnail.Height));
        using Image tooWide = new(70000, 1);
        Assert.Throws<InvalidDataException>(() => ImageCodec.EncodeJpeg(tooWide));
    }

    [Fact]
    public void DisposedImagesThrow()
    {
        Image image = new(3, 3);
        image.Dispose();
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.Rgb.Length);
        Assert.Throws<ArgumentException>(() => new Image(4, 4, new byte[47]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(20000, 20000));
    }

    [Fact]
    public void DamagedFilesOnlyThrowTheirTwoExceptions()
    {
        // Seeded changes to every kind of file. Longer runs: GRAFT_FUZZ_ROUNDS=500.
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("GRAFT_FUZZ_ROUNDS"), out int asked) ? asked : 12;
        Random random = new(9);
        int read = 0, refused = 0;
        foreach (GoldenPicture picture in GoldenPicture.All)
        {
            byte[] original = picture.Data;
            for (int round = 0; round < rounds; round++)
            {
                byte[] data = original[..random.Next(1, original.Length + 1)];
                if (round % 3 != 0) data = [.. original];
                int changes = random.Next(1, 8);
                for (int i = 0; i < changes; i++)
                {
                    int at = random.Next(2) == 0 ? random.Next(data.Length) : random.Next(Math.Min(data.Length, 64));
                    data[at] = random.Next(4) switch
                    {
                        0 => 0xff,
                        1 => 0,
                        2 => (byte)(data[at] ^ 1 << random.Next(8)),
                        _ => (byte)random.Next(256),
                    };
                }
                try
                {
                    ImageCodec.Identify(data);
                    using Image image = ImageCodec.Decode(data);
                    read++;
                }
                catch (Exception error) when (error is InvalidDataException or NotSupportedException)
                {
                    Assert.DoesNotContain('\n', error.Message);
                    refused++;
                }
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }
}
