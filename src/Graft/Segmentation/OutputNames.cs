namespace Graft;

/// <summary>
/// Under which names predictions of images are written: each one's own, without extension, below the folder given.
/// </summary>
public sealed class OutputNames
{
    readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>Names for the images below these paths, which are files or folders.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">A folder has no images.</exception>
    public OutputNames(IEnumerable<string> paths)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase); // some disks know no case
        foreach (string path in paths)
            foreach (string file in Predictor.FindImages([path]))
            {
                if (names.ContainsKey(file)) continue;
                string whole = Directory.Exists(path) ? Path.GetRelativePath(path, file) : Path.GetFileName(file);
                string name = Path.ChangeExtension(whole, null);
                if (!taken.Add(name))
                {
                    name = whole; // photo.jpg beside photo.png
                    for (int i = 2; !taken.Add(name); i++) name = $"{whole}-{i}";
                }
                names[file] = name;
            }
    }

    /// <summary>The files.</summary>
    public IReadOnlyCollection<string> Files => names.Keys;

    /// <summary>Where an image's predictions go, below a folder and without extension.</summary>
    public string this[string file] => names[file];
}
