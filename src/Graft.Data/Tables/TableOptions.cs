using System.Text.Json.Serialization;

namespace Graft.Data;

/// <summary>How a table of images is read. Plain values, so that a run's settings can hold them.</summary>
public sealed record TableOptions
{
    /// <summary>The column with the images' paths.</summary>
    /// <value>null: one called <c>image</c>, <c>path</c>, <c>file</c>, <c>file_name</c> or the like; of two columns, the
    /// first</value>
    public string? ImageColumn { get; init; }

    /// <summary>The column with the label or labels.</summary>
    /// <value>null: one called <c>label</c>, <c>labels</c>, <c>class</c>, <c>tags</c> or the like; of two columns, the
    /// other</value>
    public string? LabelColumn { get; init; }

    /// <summary>
    /// What stands between the labels of an image; with it, images have several labels. The words <c>space</c> and <c>tab</c>
    /// stand for these signs.
    /// </summary>
    /// <value>null: one label an image, or, with <see cref="MultipleLabels"/>, the sign found most often of
    /// <c>| ; ,</c>, else a space</value>
    public string? LabelSeparator { get; init; }

    /// <summary>Whether images have several labels.</summary>
    /// <value>false: only with a <see cref="LabelSeparator"/></value>
    public bool MultipleLabels { get; init; }

    /// <summary>The columns of numbers to learn, instead of labels.</summary>
    /// <value>none</value>
    public IReadOnlyList<string> TargetColumns { get; init; } = [];

    /// <summary>The column with the paths of masks, instead of labels.</summary>
    /// <value>null: in a table of images with masks, one called <c>mask</c>, <c>mask_path</c>, <c>segmentation</c> or the
    /// like</value>
    public string? MaskColumn { get; init; }

    /// <summary>The column that says which part an image belongs to: <c>train</c>, <c>val</c> or <c>test</c> (and the words
    /// that folders may have); <c>1</c> and <c>true</c> mean train, <c>0</c> and <c>false</c> val.</summary>
    /// <value>null: one called <c>split</c>, where there is one</value>
    public string? SplitColumn { get; init; }

    /// <summary>The folder that the images' paths start from.</summary>
    /// <value>null: the folder of the table</value>
    public string? ImageRoot { get; init; }

    /// <summary>What is known of each image by these settings.</summary>
    [JsonIgnore]
    public LabelKind Kind => MaskColumn is not null ? LabelKind.Mask : TargetColumns.Count > 0 ? LabelKind.Number
        : MultipleLabels || LabelSeparator is not null ? LabelKind.Multiple : LabelKind.Single;

    /// <summary>Whether any of it was set.</summary>
    [JsonIgnore]
    public bool IsDefault =>
        ImageColumn is null && LabelColumn is null && LabelSeparator is null && !MultipleLabels && TargetColumns.Count == 0
        && MaskColumn is null && SplitColumn is null && ImageRoot is null;

    /// <summary>The same for a process that starts in another folder.</summary>
    public TableOptions AtFullPath() => ImageRoot is null ? this : this with { ImageRoot = Path.GetFullPath(ImageRoot) };

    /// <summary>Checks that the settings go together.</summary>
    /// <exception cref="ArgumentException">They don't; the message says which.</exception>
    public void Validate()
    {
        if (TargetColumns.Count > 0 && (MultipleLabels || LabelSeparator is not null || LabelColumn is not null))
            throw new ArgumentException("target columns are numbers to learn, label columns are classes: give one of both.");
        if (MaskColumn is not null
            && (TargetColumns.Count > 0 || MultipleLabels || LabelSeparator is not null || LabelColumn is not null))
            throw new ArgumentException("a mask column says the class of each pixel: give no columns of labels or numbers.");
        if (LabelSeparator is { Length: 0 })
            throw new ArgumentException("label separator: expected a sign such as ; or |, or the word space, came nothing.");
        if (TargetColumns.Distinct(StringComparer.Ordinal).Count() < TargetColumns.Count)
            throw new ArgumentException($"target columns: expected each once, came {string.Join(",", TargetColumns)}.");
        if (TargetColumns.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("target columns: expected names joined by commas, such as width,height; one is empty.");
    }
}
