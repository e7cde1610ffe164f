using System.Text.Json;

namespace Graft.Data;

/// <summary>Files of drawn shapes: COCO's and Label Studio's.</summary>
static class AnnotationFile
{
    /// <summary>Whether a file is one by its beginning; no error where it is none.</summary>
    public static bool IsAt(string path)
    {
        const int Head = 1 << 16;
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) || !File.Exists(path)) return false;
        byte[] bytes = new byte[Head];
        using FileStream file = File.OpenRead(path);
        ReadOnlySpan<byte> head = bytes.AsSpan(0, file.ReadAtLeast(bytes, Head, throwOnEndOfStream: false));
        return head.IndexOf("\"annotations\""u8) >= 0 || head.IndexOf("\"completions\""u8) >= 0
            || (head.IndexOf("\"images\""u8) >= 0 && head.IndexOf("\"file_name\""u8) >= 0);
    }

    /// <summary>The images with their shapes.</summary>
    /// <param name="path">the file</param>
    /// <param name="find">from the image's name in the file to the path of the image, or null</param>
    /// <param name="note">told what was passed over</param>
    /// <exception cref="InvalidDataException">It can't be used; the message says why.</exception>
    public static (List<Sample> Samples, List<string> Classes) Read(string path, Func<string, string?> find, Action<string> note)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            JsonElement root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Array => new LabelStudioReader(path, find, note).Read(root),
                JsonValueKind.Object when root.TryGetProperty("categories", out _) => new CocoReader(path, find, note).Read(root),
                _ => throw new InvalidDataException(
                    $"{path}: expected COCO's JSON (images, annotations, categories) or Label Studio's export, found other "
                    + "JSON."),
            };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"{path}: expected JSON, found an error in line {error.LineNumber + 1}.", error);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path}: expected COCO's JSON or Label Studio's export: {error.Message}", error);
        }
    }

    /// <summary>The text of an element.</summary>
    /// <exception cref="FormatException">It is null.</exception>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    public static string Text(JsonElement element) =>
        element.GetString() ?? throw new FormatException("expected a text, found null.");

    /// <summary>The error for images that are named but are not there.</summary>
    public static void ThrowIfMissing(string path, List<string> missing, int count)
    {
        const int Shown = 3;
        if (missing.Count == 0) return;
        throw new InvalidDataException(
            $"{path}: expected the images that it names beside it or in images/, found none for {missing.Count} of {count}: "
            + $"{string.Join(", ", missing.Take(Shown))}{(missing.Count > Shown ? ", ..." : "")}.");
    }
}
