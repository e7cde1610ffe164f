using System.CommandLine;
using Graft.Imaging;

namespace Graft.Cli.Commands;

/// <summary><c>graft pixels</c>: size, mode and checksum of an image as Graft sees it, for anyone who doubts a pixel.</summary>
sealed class PixelsCommand : GraftCommand
{
    static readonly string[] filters = ["bilinear", "nearest", "box", "hamming", "bicubic", "lanczos"];

    readonly Argument<string[]> images = new("IMAGE")
    {
        Description = "image files: JPEG, PNG, WebP, BMP, GIF or TIFF",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<NumberList?> resize =
        MakeOption.Numbers("--resize", "WxH", 'x', "resize to this width and height first", count: 2);
    readonly Option<string> filter = MakeOption.Choice("--filter", filters, "how to resize", "FILTER");
    readonly Option<bool> ignoreOrientation =
        MakeOption.Flag("--ignore-orientation", "leave the picture as stored instead of turning it as its EXIF orientation asks");
    readonly Option<string> format = MakeOption.Choice("--format", ["table", "json"], "how to print");

    public PixelsCommand() : base("pixels",
        "Prints size, mode and the CRC-32 of the RGB bytes of an image, decoded and resized as Graft does it everywhere. " +
        "Python's zlib.crc32(Image.open(file).convert('RGB').tobytes()) gives the same number.")
    {
        Add(images);
        AddSection("Options", resize, filter, ignoreOrientation, format);
    }

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft pixels photo.jpg", "the decoded picture"),
        ("graft pixels photo.jpg --resize 224x224 --filter bicubic --format json", "after a resize, for a program"),
    ];

    sealed record Pixels(string Path, ImageInfo Info, int Width, int Height, uint Crc32);

    public override int Run(ParseResult arguments, CommandContext context)
    {
        bool ignore = arguments.GetValue(ignoreOrientation);
        IReadOnlyList<int>? size = arguments.GetValue(resize)?.Values;
        Interpolation how = Enum.Parse<Interpolation>(arguments.GetValue(filter)!, ignoreCase: true);
        List<Pixels> results = [];
        foreach (string path in arguments.GetValue(images)!)
        {
            byte[] data = File.ReadAllBytes(path);
            using Image decoded = ImageCodec.Decode(data, ignore, path);
            using Image image = size is null ? decoded : Resize.Apply(decoded, size[0], size[1], how);
            results.Add(new(path, ImageCodec.Identify(data, path), image.Width, image.Height, Crc32.Of(image.Rgb)));
        }
        if (arguments.GetValue(format) == "json") WriteJson(context, results);
        else WriteTable(context, results);
        return ExitCode.Success;
    }

    /// <summary>One object for one image, an array for several.</summary>
    static void WriteJson(CommandContext context, List<Pixels> results) => JsonOutput.Write(context.Output, json =>
    {
        if (results.Count > 1) json.WriteStartArray();
        foreach (Pixels pixels in results)
        {
            json.WriteStartObject();
            json.WriteString("image", pixels.Path);
            json.WriteString("format", pixels.Info.Format);
            json.WriteString("mode", pixels.Info.Mode);
            json.WriteNumber("orientation", pixels.Info.Orientation);
            json.WriteNumber("width", pixels.Width);
            json.WriteNumber("height", pixels.Height);
            json.WriteNumber("crc32", pixels.Crc32);
            json.WriteEndObject();
        }
        if (results.Count > 1) json.WriteEndArray();
    });

    static void WriteTable(CommandContext context, List<Pixels> results)
    {
        TableWriter table = new("image", "format", "mode", "orientation", "width", "height", "crc32");
        foreach (Pixels pixels in results)
            table.Add(pixels.Path, pixels.Info.Format, pixels.Info.Mode, $"{pixels.Info.Orientation}",
                $"{pixels.Width}", $"{pixels.Height}", $"{pixels.Crc32}");
        table.Write(context.Output);
    }
}
