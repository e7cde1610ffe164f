using System.Globalization;
using Graft.Imaging.Codecs;

namespace Graft.Imaging;

/// <summary>
/// What the pixels of mask files mean. Files of one channel, palettes included, hold values: the stored ones, not the colours
/// that a palette gives them. Files of three channels hold colours, or, where all of them are grey and no class is, values.
/// Classes are numbered from 0 in the order of the class list, ignored entries left out. Has no state: one serves all threads.
/// </summary>
public sealed class MaskEncoding
{
    /// <summary>The value that means "ignored" where nobody says otherwise.</summary>
    public const int DefaultIgnoreValue = 255;

    const ushort Unknown = IndexMask.Ignore - 1;
    const int MaximumClasses = 4096;

    readonly ushort[] byValue = new ushort[ushort.MaxValue + 1];
    readonly Dictionary<int, ushort> byColor = [];
    readonly int? givenIgnoreValue;

    /// <summary>An encoding.</summary>
    /// <param name="labels">The classes and what is ignored.</param>
    /// <param name="ignoreValue">A value that is ignored too, where it is none of a class's.
    /// <value>null: none</value></param>
    /// <exception cref="ArgumentException">There is no class, or names, values or colours come twice.</exception>
    public MaskEncoding(IReadOnlyList<MaskLabel> labels, int? ignoreValue = null)
        : this(labels, [.. labels.Where(label => !label.IsIgnored).Select(label => label.Name)], ignoreValue)
    {
    }

    MaskEncoding(IReadOnlyList<MaskLabel> labels, string[] classes, int? ignoreValue)
    {
        Labels = labels;
        Names = classes;
        if (classes.Length is 0 or > MaximumClasses)
            throw new ArgumentException($"class list: expected 1 to {MaximumClasses} classes, found {classes.Length}.");
        Array.Fill(byValue, Unknown);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (MaskLabel label in labels)
        {
            ushort number = label.IsIgnored ? IndexMask.Ignore : (ushort)Array.IndexOf(classes, label.Name);
            if (!names.Add(label.Name))
                throw new ArgumentException($"class list: expected different names, found '{label.Name}' twice.");
            if (label.Value is < 0 or > ushort.MaxValue)
                throw new ArgumentException($"class list: {label.Name}: expected a value from 0 to 65535, found {label.Value}.");
            if (byValue[label.Value] != Unknown)
                throw new ArgumentException(
                    $"class list: {label.Name}: expected a value of its own, found {label.Value}, which another has.");
            byValue[label.Value] = number;
            if (label.Color is { } color && !byColor.TryAdd(Key(color.Red, color.Green, color.Blue), number))
                throw new ArgumentException(
                    $"class list: {label.Name}: expected a colour of its own, found one that another has.");
        }
        if (ignoreValue is { } ignored)
        {
            if (ignored is < 0 or > ushort.MaxValue)
                throw new ArgumentException($"ignored value: expected 0 to 65535, found {ignored}.");
            if (byValue[ignored] == Unknown) byValue[ignored] = IndexMask.Ignore;
        }
        IgnoreValue = ignoreValue ?? labels.FirstOrDefault(label => label.IsIgnored)?.Value;
        givenIgnoreValue = ignoreValue;
        Colors = [.. classes.Select((name, number) =>
            labels.FirstOrDefault(label => label.Name == name)?.Color ?? MaskPalette.Voc(number))];
    }

    /// <summary>The class list, ignored entries included.</summary>
    public IReadOnlyList<MaskLabel> Labels { get; }

    /// <summary>The names of the classes, by number.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A colour for each class: the list's, else one of <see cref="MaskPalette"/>.</summary>
    public IReadOnlyList<RgbColor> Colors { get; }

    /// <summary>The value of ignored pixels in files.</summary>
    /// <value>null: no pixel is ignored</value>
    public int? IgnoreValue { get; }

    /// <summary>Whether colours are known, so that masks of three channels can be read.</summary>
    public bool HasColors => byColor.Count > 0;

    /// <summary>
    /// The same files with the class numbers of a model, whose classes go by their names: it may have more of them.
    /// </summary>
    /// <param name="classes">The model's classes.</param>
    /// <exception cref="ArgumentException">A class of the list is none of the model's.</exception>
    public MaskEncoding WithClasses(IReadOnlyList<string> classes)
    {
        string[] unknown = [.. Names.Where(name => !classes.Contains(name, StringComparer.Ordinal))];
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"class list: expected classes of the model ({string.Join(", ", classes.Take(5))}"
                + $"{(classes.Count > 5 ? ", ..." : "")}), found {string.Join(", ", unknown.Take(5))}.");
        return new MaskEncoding(Labels, [.. classes], givenIgnoreValue);
    }

    /// <summary>Reads a mask file: the class of each pixel, or <see cref="IndexMask.Ignore"/>. EXIF is not looked at.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no image, damaged, has a value or a colour that is none of a class's, or
    /// lost its values by compression (JPEG).</exception>
    /// <exception cref="NotSupportedException">A valid image of a kind that is not read.</exception>
    public IndexMask Decode(ReadOnlySpan<byte> data, string? name = null)
    {
        string prefix = name is null ? "" : name + ": ";
        if (Stored(data, prefix) is { } values)
        {
            try
            {
                ToClasses(values.Pixels, prefix);
                return values;
            }
            catch
            {
                values.Dispose();
                throw;
            }
        }
        using Image image = ImageCodec.Decode(data, ignoreOrientation: true, name);
        if (!HasColors) throw Colored(image, prefix);
        IndexMask mask = IndexMask.Uninitialized(image.Width, image.Height);
        try
        {
            if (!TryToClasses(image.Rgb, mask.Pixels, out int color))
            {
                // values, written to all three channels
                if (!TryGrey(image.Rgb, mask.Pixels)) throw UnknownColor(image.Rgb, color, prefix);
                ToClasses(mask.Pixels, prefix);
            }
            return mask;
        }
        catch
        {
            mask.Dispose();
            throw;
        }
    }

    /// <summary>The class of pixels with that value; <see cref="IndexMask.Ignore"/> for ignored ones.</summary>
    /// <returns>null: it is none of a class's</returns>
    public ushort? ClassOf(int value) => (uint)value <= ushort.MaxValue && byValue[value] != Unknown ? byValue[value] : null;

    /// <summary>The number of a class by its name; <see cref="IndexMask.Ignore"/> for what is ignored.</summary>
    /// <returns>null: there is no such class</returns>
    public ushort? ClassOf(string name)
    {
        for (int number = 0; number < Names.Count; number++)
            if (Names[number] == name) return (ushort)number;
        return Labels.Any(label => label.IsIgnored && label.Name == name) ? IndexMask.Ignore : null;
    }

    /// <summary>The class of pixels of that colour; <see cref="IndexMask.Ignore"/> for ignored ones.</summary>
    /// <returns>null: it is none of a class's</returns>
    public ushort? ClassOf(RgbColor color) =>
        byColor.TryGetValue(Key(color.Red, color.Green, color.Blue), out ushort number) ? number : null;

    /// <summary>The values as a mask file of one channel stores them; null where it has colours.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="greyToo">Whether grey pictures of three channels count as one channel. <value>true</value></param>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static IndexMask? DecodeStored(ReadOnlySpan<byte> data, string? name = null, bool greyToo = true) =>
        Stored(data, name is null ? "" : name + ": ", greyToo);

    static IndexMask? Stored(ReadOnlySpan<byte> data, string prefix, bool greyToo)
    {
        FileFormat format = Sniffer.Sniff(data, prefix);
        if (format == FileFormat.Png && NativeCodec.DecodeIndices(data, prefix) is { } stored) return stored;
        if (format == FileFormat.Jpeg)
            throw new InvalidDataException(
                $"{prefix}expected a mask with exact values, found a JPEG, which blurs them. Save masks as PNG.");
        if (format is FileFormat.Tiff
            && ImageCodec.Identify(data).Mode is "I;16" or "I;16B" or "I" or "F")
            throw new NotSupportedException($"{prefix}values of more than 8 bits are read from PNG only. Save the mask as PNG.");
        if (!greyToo) return null;
        using Image image = ImageCodec.Decode(data, ignoreOrientation: true, prefix.Length > 2 ? prefix[..^2] : null);
        IndexMask mask = IndexMask.Uninitialized(image.Width, image.Height);
        if (TryGrey(image.Rgb, mask.Pixels)) return mask;
        mask.Dispose();
        return null;
    }

    static bool TryGrey(ReadOnlySpan<byte> rgb, Span<ushort> values)
    {
        for (int i = 0, at = 0; i < values.Length; i++, at += 3)
        {
            if (rgb[at] != rgb[at + 1] || rgb[at] != rgb[at + 2]) return false;
            values[i] = rgb[at];
        }
        return true;
    }

    IndexMask? Stored(ReadOnlySpan<byte> data, string prefix) => Stored(data, prefix, greyToo: !HasColors);

    void ToClasses(Span<ushort> values, string prefix)
    {
        ushort[] table = byValue;
        for (int i = 0; i < values.Length; i++)
        {
            ushort number = table[values[i]];
            if (number == Unknown) throw UnknownValue(values[i..], prefix);
            values[i] = number;
        }
    }

    bool TryToClasses(ReadOnlySpan<byte> rgb, Span<ushort> values, out int last)
    {
        last = -1;
        ushort number = 0;
        for (int i = 0, at = 0; i < values.Length; i++, at += 3)
        {
            int key = Key(rgb[at], rgb[at + 1], rgb[at + 2]);
            if (key != last)
            {
                last = key;
                if (!byColor.TryGetValue(key, out number)) return false;
            }
            values[i] = number;
        }
        return true;
    }

    InvalidDataException UnknownValue(ReadOnlySpan<ushort> rest, string prefix)
    {
        int value = rest[0], count = rest.Count((ushort)value);
        string known = Ranges(Enumerable.Range(0, ushort.MaxValue + 1).Where(each => byValue[each] != Unknown));
        return new InvalidDataException(
            $"{prefix}expected the values of the classes ({known}), found {value} in {Pixels(count)}. Complete the class list, "
            + $"or ignore the value: --ignore-index {value}.");
    }

    InvalidDataException UnknownColor(ReadOnlySpan<byte> rgb, int key, string prefix)
    {
        int count = 0;
        for (int i = 0; i < rgb.Length; i += 3)
            if (Key(rgb[i], rgb[i + 1], rgb[i + 2]) == key) count++;
        return new InvalidDataException(
            $"{prefix}expected the colours of the {Labels.Count} entries of the class list, found ({key >> 16}, "
            + $"{key >> 8 & 255}, {key & 255}) in {Pixels(count)}. Add it to the class list.");
    }

    static InvalidDataException Colored(Image image, string prefix)
    {
        HashSet<int> colors = [];
        ReadOnlySpan<byte> rgb = image.Rgb;
        for (int i = 0; i < rgb.Length; i += 3) colors.Add(Key(rgb[i], rgb[i + 1], rgb[i + 2]));
        return new InvalidDataException(
            $"{prefix}expected a mask of one channel, found {colors.Count} colours, of which nothing says the classes. Put a "
            + "classes.json beside the folders: {\"road\": [128, 64, 128], ...}.");
    }

    static string Pixels(int count) => count == 1 ? "1 pixel" : $"{count} pixels";

    /// <summary>Numbers in order as ranges: 0-10, 255.</summary>
    internal static string Ranges(IEnumerable<int> values)
    {
        List<string> parts = [];
        int first = -1, last = -2;
        foreach (int value in values)
        {
            if (value == last + 1)
            {
                last = value;
                continue;
            }
            if (first >= 0) parts.Add(Range(first, last));
            first = last = value;
        }
        if (first >= 0) parts.Add(Range(first, last));
        return parts.Count > 8 ? string.Join(", ", parts.Take(8)) + ", ..." : string.Join(", ", parts);

        static string Range(int first, int last) => string.Create(
            CultureInfo.InvariantCulture, $"{first}{(last == first ? "" : last == first + 1 ? $", {last}" : $"-{last}")}");
    }

    static int Key(byte red, byte green, byte blue) => red << 16 | green << 8 | blue;
}
