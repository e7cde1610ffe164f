using System.Text.Json;
using Graft.Imaging;
using Graft.Tests;

namespace Graft.Cli.Tests;

public class PixelsCommandTests
{
    [Fact]
    public void The_checksum_is_the_one_of_zlib()
    {
        // Python: zlib.crc32(b"123456789"), zlib.crc32(bytes(range(256)))
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.Equal(0x29058C73u, Crc32.Of([.. Enumerable.Range(0, 256).Select(i => (byte)i)]));
        Assert.Equal(0u, Crc32.Of([]));
    }

    [Fact]
    public void Json_names_size_mode_and_checksum()
    {
        using TemporaryFolder folder = new();
        using Image image = new(5, 3);
        for (int i = 0; i < image.Rgb.Length; i++) image.Rgb[i] = (byte)(i * 5);
        string path = folder.Path("ünïcode picture.png");
        File.WriteAllBytes(path, ImageCodec.EncodePng(image));

        (int code, string output, string error) = Shell.Run("pixels", path, "--format", "json");

        Assert.Equal((ExitCode.Success, ""), (code, error));
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(path, json.GetProperty("image").GetString());
        Assert.Equal("PNG", json.GetProperty("format").GetString());
        Assert.Equal("RGB", json.GetProperty("mode").GetString());
        Assert.Equal(5, json.GetProperty("width").GetInt32());
        Assert.Equal(3, json.GetProperty("height").GetInt32());
        Assert.Equal(Crc32.Of(image.Rgb), json.GetProperty("crc32").GetUInt32());

        (_, output, _) = Shell.Run("pixels", path, path, "--resize", "2x4", "--filter", "nearest", "--format", "json");
        json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, json.GetArrayLength());
        Assert.Equal(2, json[1].GetProperty("width").GetInt32());
        Assert.Equal(4, json[1].GetProperty("height").GetInt32());
    }

    [Fact]
    public void A_file_that_is_no_image_is_one_line()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("text.jpg");
        File.WriteAllText(path, "no picture at all");
        (int code, string output, string error) = Shell.Run("pixels", path);
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Contains("text.jpg", error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));

        (code, _, error) = Shell.Run("pixels", folder.Path("absent.jpg"));
        Assert.Equal((ExitCode.Failure, $"graft: {folder.Path("absent.jpg")}: no such file\n"), (code, error));
    }

    /// <summary>Every decode and every resize of every picture against Pillow's own checksums.</summary>
    [Fact]
    public void The_pixels_are_Pillows()
    {
        string list = SharedFiles.Require("cases/images/pil.json");
        string folder = Path.GetDirectoryName(list)!;
        int compared = 0;
        JsonElement pictures = JsonDocument.Parse(File.ReadAllBytes(list)).RootElement.GetProperty("images");
        foreach (JsonProperty picture in pictures.EnumerateObject())
        {
            string path = Path.Combine(folder, picture.Name);
            Compare(picture.Value.GetProperty("decode_rgb"), path);
            foreach (JsonProperty operation in picture.Value.GetProperty("ops").EnumerateObject())
            {
                if (operation.Name.Split('_') is not ["resize", string filter, string size]) continue;
                Compare(operation.Value, path, "--filter", filter.ToLowerInvariant(), "--resize", size);
            }
        }
        Assert.True(compared > 100, $"only {compared} checksums compared");

        void Compare(JsonElement expected, params string[] arguments)
        {
            string[] asked = ["pixels", .. arguments, "--ignore-orientation", "--format", "json"];
            (int code, string output, string error) = Shell.Run(asked);
            Assert.True(code == ExitCode.Success, error);
            uint actual = JsonDocument.Parse(output).RootElement.GetProperty("crc32").GetUInt32();
            Assert.True(expected.GetProperty("crc32").GetUInt32() == actual, string.Join(' ', arguments));
            compared++;
        }
    }
}
