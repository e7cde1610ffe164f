using System.Text.Json;
using System.Text.RegularExpressions;
using Graft.Tests;

namespace Graft.Imaging.Tests;

/// <summary>Every checksum of Pillow's pixels in <c>cases/images/pil.json</c>: decoding, resizing, cropping.</summary>
public partial class PillowChecksumTests
{
    [Fact]
    public void EveryChecksumHolds()
    {
        string folder = SharedFiles.Require("cases/images");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "pil.json")));
        List<string> wrong = [];
        int count = 0;
        foreach (JsonProperty entry in file.RootElement.GetProperty("images").EnumerateObject())
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, entry.Name));
            ImageInfo info = ImageCodec.Identify(bytes);
            Assert.Equal(entry.Value.GetProperty("format").GetString(), info.Format);
            Assert.Equal(entry.Value.GetProperty("mode").GetString(), info.Mode);
            JsonElement orientation = entry.Value.GetProperty("exif_orientation");
            Assert.Equal(orientation.ValueKind == JsonValueKind.Null ? 1 : orientation.GetInt32(), info.Orientation);
            using Image image = ImageCodec.Decode(bytes, ignoreOrientation: true);
            Assert.Equal((info.Width, info.Height), (image.Width, image.Height));
            Check(entry.Name + " decode", image, entry.Value.GetProperty("decode_rgb"));
            if (entry.Value.TryGetProperty("decode_rgb_exif_transposed", out JsonElement upright))
                using (Image turned = ImageCodec.Decode(bytes)) Check(entry.Name + " upright", turned, upright);
            foreach (JsonProperty op in entry.Value.GetProperty("ops").EnumerateObject())
                using (Image result = Run(image, op.Name)) Check($"{entry.Name} {op.Name}", result, op.Value);
        }
        Assert.True(count > 300, $"only {count} checksums were found");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} differ:\n" + string.Join('\n', wrong));

        void Check(string what, Image image, JsonElement expected)
        {
            count++;
            JsonElement size = expected.GetProperty("size_wh");
            if ((image.Width, image.Height) != (size[0].GetInt32(), size[1].GetInt32()))
                wrong.Add($"{what}: {image.Width} x {image.Height}, expected {size}");
            else if (Crc.Of(image.Rgb) != expected.GetProperty("crc32").GetUInt32()) wrong.Add(what);
        }
    }

    [GeneratedRegex(@"^resize_([A-Z]+)_(\d+)x(\d+)$")]
    private static partial Regex ResizeName { get; }

    [GeneratedRegex(@"^center_crop_(\d+)_(torchvision|hf)$")]
    private static partial Regex CropName { get; }

    [GeneratedRegex(@"^resize_shortest_(\d+)_([A-Z]+)(_then_center_crop_(\d+))?_(torchvision|hf)$")]
    private static partial Regex ShortestName { get; }

    [GeneratedRegex(@"^crop_box_(\d+)_(\d+)_(\d+)_(\d+)$")]
    private static partial Regex BoxName { get; }

    static Image Run(Image image, string op)
    {
        if (ResizeName.Match(op) is { Success: true } resize)
            return Resize.Apply(image, Int(resize, 2), Int(resize, 3), Filter(resize, 1));
        if (CropName.Match(op) is { Success: true } crop)
            return new Preprocess
            {
                Width = Int(crop, 1),
                Height = Int(crop, 1),
                ResizeMode = ResizeMode.None,
                CropRounding = crop.Groups[2].Value == "hf" ? CropRounding.Floor : CropRounding.HalfToEven,
            }.ApplyGeometry(image);
        if (ShortestName.Match(op) is { Success: true } shortest)
        {
            Preprocess preprocess = new()
            {
                Width = 1,
                Height = 1,
                ResizeHeight = Int(shortest, 1),
                Interpolation = Filter(shortest, 2),
                CropRounding = shortest.Groups[5].Value == "hf" ? CropRounding.Floor : CropRounding.HalfToEven,
            };
            if (shortest.Groups[4].Success)
                return (preprocess with { Width = Int(shortest, 4), Height = Int(shortest, 4) }).ApplyGeometry(image);
            (int width, int height) = preprocess.ResizedSize(image.Width, image.Height);
            return (preprocess with { Width = width, Height = height, CenterCrop = false }).ApplyGeometry(image);
        }
        if (BoxName.Match(op) is { Success: true } box)
            return image.Crop(Int(box, 1), Int(box, 2), Int(box, 3) - Int(box, 1), Int(box, 4) - Int(box, 2));
        throw new InvalidOperationException("an operation this test does not know: " + op);
    }

    static int Int(Match match, int group) => int.Parse(match.Groups[group].Value);

    static Interpolation Filter(Match match, int group) => Enum.Parse<Interpolation>(match.Groups[group].Value, ignoreCase: true);
}
