using System.Text;
using Graft.Formats;

namespace Graft.Models;

/// <summary>What became of every tensor when weights were loaded: nothing is passed over in silence.</summary>
public sealed class Receipt
{
    readonly Func<string> recognisedAs;

    internal Receipt(string path, string kind, Func<string> recognisedAs, string prefix, IReadOnlyList<ReceiptEntry> entries)
    {
        Path = path;
        Kind = kind;
        this.recognisedAs = recognisedAs;
        Prefix = prefix;
        Entries = entries;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What kind of file it is: <c>safetensors</c>, <c>PyTorch (zip)</c>.</summary>
    public string Kind { get; }

    /// <summary>The architecture that its weights were read as: <c>timm:resnet18</c>.</summary>
    public string RecognisedAs => recognisedAs();

    /// <summary>What stood before every name in the file and was taken off: <c>module.</c>; empty for nothing.</summary>
    public string Prefix { get; }

    /// <summary>One entry for each tensor of the model, then one for each that only the file has.</summary>
    public IReadOnlyList<ReceiptEntry> Entries { get; }

    /// <summary>Why the file does not make this model: what is missing or of another size, in one line.</summary>
    /// <value>null: it does</value>
    public string? Refusal { get; internal init; }

    /// <summary>Whether a new head was started.</summary>
    public bool HasNewHead => Count(WeightStatus.Started) > 0;

    /// <summary>Whether a segmentation network's decoder was started too, as with the weights of a classifier.</summary>
    public bool HasNewDecoder { get; internal init; }

    /// <summary>How many tensors had that fate.</summary>
    public int Count(WeightStatus status)
    {
        int count = 0;
        foreach (ReceiptEntry entry in Entries)
            if (entry.Status == status) count++;
        return count;
    }

    /// <summary>
    /// One line: <c>162 tensors renamed, 2 new (head), 1 unused</c>, with what the file's numbers were converted from.
    /// </summary>
    public string Summary
    {
        get
        {
            var text = new StringBuilder();
            foreach (WeightStatus status in Enum.GetValues<WeightStatus>())
            {
                if (Count(status) is not (> 0 and var count)) continue;
                text.Append(text.Length > 0 ? ", " : "").Append(count).Append(' ');
                text.Append(status != WeightStatus.Started ? status.ToString().ToLowerInvariant()
                    : HasNewDecoder ? "new (decoder and head)" : "new (head)");
            }
            List<ElementType> types = [];
            foreach (ReceiptEntry entry in Entries)
                if (entry is { Name: not null, SourceType: { } type } && type.IsFloatingPoint() && !types.Contains(type))
                    types.Add(type);
            types.Remove(ElementType.Float32);
            if (types.Count > 0) text.Append($"; {string.Join(" and ", types.Select(type => type.TorchName()))} became float32");
            if (Prefix.Length > 0) text.Append($"; '{Prefix}' was taken off every name");
            return text.ToString();
        }
    }

    /// <summary>The file, what it was read as, and the summary; then every line that is no plain match.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Path} ({Kind}) as {RecognisedAs}: {Summary}");
        foreach (ReceiptEntry entry in Entries)
            if (entry.Status != WeightStatus.Matched) text.Append('\n').Append(entry);
        return text.ToString();
    }
}
