using Graft.Imaging;
using Graft.Models;

namespace Graft.Reports;

/// <summary>The images of a run as small pictures for a page, with what the model looked at where that is to be had.</summary>
sealed class PictureSource
{
    const int Side = 160, Quality = 80, MostOverlays = 80;

    readonly string root;
    readonly bool ignoreOrientation;
    readonly ImageModel? model;
    readonly Dictionary<string, string?> plain = [];
    readonly Dictionary<(string, int), (string Photo, string Overlay)?> explained = [];
    readonly SortedSet<string> missing = new(StringComparer.Ordinal);

    /// <summary>Images below a folder.</summary>
    /// <param name="root">the data's folder</param>
    /// <param name="ignoreOrientation">whether EXIF's orientation is ignored</param>
    /// <param name="model">explains them; null: nobody does</param>
    public PictureSource(string root, bool ignoreOrientation, ImageModel? model)
    {
        this.root = root;
        this.ignoreOrientation = ignoreOrientation;
        this.model = model is not null && Explanations.Supports(model) ? model : null;
    }

    /// <summary>Images that were asked for and could not be read.</summary>
    public IReadOnlyCollection<string> Missing => missing;

    /// <summary>How it is found out where the model looked; null where it is not.</summary>
    public ExplainMethod? Method => model is null ? null : Explanations.MethodFor(model);

    /// <summary>Where an image lies.</summary>
    public string PathOf(string image) => Path.Combine(root, image);

    /// <summary>A picture, and beside it, where that can be had, what spoke for a class.</summary>
    /// <param name="html">where to</param>
    /// <param name="image">the image, below the data's folder</param>
    /// <param name="what">what it shows, for whoever does not see it</param>
    /// <param name="label">the class to explain; null: the picture alone</param>
    public void Write(HtmlWriter html, string image, string what, int? label = null)
    {
        if (label is { } one && Explained(image, one) is { } both)
        {
            html.Add($"<div class=\"pair\"><img alt=\"{what}\" src=\"{both.Photo}\">");
            if (both.Overlay.Length == 0) html.Raw("<div class=\"gone\">no region speaks for it</div></div>");
            else html.Add($"<img alt=\"where the model looked\" src=\"{both.Overlay}\"></div>");
        }
        else if (Plain(image) is { } data) html.Add($"<div><img alt=\"{what}\" src=\"{data}\"></div>");
        else html.Raw("<div class=\"gone\">not to be found any more</div>");
    }

    /// <summary>An image at its full size, the caller's to dispose; null where it cannot be read any more.</summary>
    public Image? Open(string image)
    {
        Image? opened = null;
        Try(image, path =>
        {
            opened = ImageCodec.Load(path, ignoreOrientation);
            return "";
        });
        return opened;
    }

    string? Plain(string image)
    {
        if (plain.TryGetValue(image, out string? known)) return known;
        string? made = Try(image, path =>
        {
            using Image whole = ImageCodec.Load(path, ignoreOrientation);
            using Image small = whole.Thumbnail(Side);
            return DataOf(small);
        });
        return plain[image] = made;
    }

    (string Photo, string Overlay)? Explained(string image, int label)
    {
        if (model is null || missing.Contains(image)) return null;
        if (explained.TryGetValue((image, label), out var known)) return known;
        if (explained.Count >= MostOverlays) return null;
        string? made = Try(image, path =>
        {
            using Explanation found = new Explainer(model) { IgnoreOrientation = ignoreOrientation }.Explain(path, label);
            using Image photo = found.Seen.Thumbnail(Side), painted = HeatOverlay.Paint(found.Seen, found.Heat);
            using Image overlay = painted.Thumbnail(Side);
            return DataOf(photo) + "\n" + (found.Heat.IsEmpty ? "" : DataOf(overlay));
        });
        string[]? parts = made?.Split('\n');
        return explained[(image, label)] = parts is null ? null : (parts[0], parts[1]);
    }

    string? Try(string image, Func<string, string> read)
    {
        try
        {
            return read(PathOf(image));
        }
        catch (Exception error) when
            (error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            missing.Add(image);
            return null;
        }
    }

    static string DataOf(Image image) =>
        "data:image/jpeg;base64," + Convert.ToBase64String(ImageCodec.EncodeJpeg(image, Quality));
}
