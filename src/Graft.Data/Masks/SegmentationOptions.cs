namespace Graft.Data;

/// <summary>How a folder or table of images with masks is read. Plain values, so that a run's settings can hold them.</summary>
public sealed record SegmentationOptions
{
    /// <summary>What <see cref="IgnoreIndex"/> is where no value is ignored.</summary>
    public const int NoIgnoreIndex = -1;

    /// <summary>The file with the names, values and colours of the classes.</summary>
    /// <value>null: <c>classes.json</c>, <c>classes.txt</c>, <c>codes.txt</c>, <c>class_dict.csv</c> or the like in the data's
    /// folder; without one, classes are the values that the masks hold</value>
    public string? ClassList { get; init; }

    /// <summary>The value of pixels that do not count, or <see cref="NoIgnoreIndex"/>.</summary>
    /// <value>null: what the class list says, else 255 where it is no class's</value>
    public int? IgnoreIndex { get; init; }

    /// <summary>How a table is read.</summary>
    /// <value>null: by its columns' names</value>
    public TableOptions? Table { get; init; }

    /// <summary>Whether photographs lie as their pixels do, whatever their EXIF orientation says.</summary>
    /// <value>false</value>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Whether every mask is looked at before it is used; otherwise only a few, where the class list leaves
    /// questions.</summary>
    /// <value>true</value>
    public bool Scan { get; init; } = true;

    /// <summary>The size of training crops, for a note about images that are smaller.</summary>
    /// <value>null: no note</value>
    public (int Height, int Width)? Crop { get; init; }
}
