namespace Graft.Data;

/// <summary>Finds the files of drawn shapes in a folder, and the images that they name.</summary>
/// <param name="Part">train, val, test, or null for all there is</param>
/// <param name="File">the file</param>
/// <param name="Root">the data's folder</param>
sealed record AnnotatedFolder(string? Part, string File, string Root)
{
    /// <summary>
    /// The files, whichever of: the path itself; JSON files in a folder, in its <c>annotations/</c>, in its parts' folders. None
    /// where there are none.
    /// </summary>
    public static List<AnnotatedFolder> Find(string path)
    {
        if (AnnotationFile.IsAt(path))
        {
            string root = Path.GetDirectoryName(Path.GetFullPath(path))!;
            bool below = FolderNames.Has(FolderNames.Masks, Path.GetFileName(root)) && Path.GetDirectoryName(root) is not null;
            return [new AnnotatedFolder(null, path, below ? Path.GetDirectoryName(root)! : root)];
        }
        if (!Directory.Exists(path)) return [];
        List<AnnotatedFolder> found = [];
        string[] names = FolderNames.Below(path);
        foreach (string file in Files(path)) found.Add(new AnnotatedFolder(PartIn(file), file, path));
        if (FolderNames.First(["annotations", "labels"], names) is { } folder)
            foreach (string file in Files(Path.Combine(path, folder))) found.Add(new AnnotatedFolder(PartIn(file), file, path));
        foreach (string name in names)
            if (FolderNames.PartOf(name) is { } part)
                foreach (string file in Files(Path.Combine(path, name))) found.Add(new AnnotatedFolder(part, file, path));
        return found;
    }

    /// <summary>Reads the file.</summary>
    /// <param name="note">told what was passed over</param>
    public MaskedPart Read(Action<string> note)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(File))!;
        List<string> places = [folder, Root, .. FolderNames.Images.Select(name => Path.Combine(Root, name))];
        foreach (string name in FolderNames.Below(Root))
            if (Part is not null && name.StartsWith(Part, StringComparison.OrdinalIgnoreCase))
                places.Add(Path.Combine(Root, name));
        foreach (string place in places.ToArray())
            if (Part is not null && Directory.Exists(place))
                places.AddRange(FolderNames.Below(place).Where(name => FolderNames.PartOf(name) == Part)
                    .Select(name => Path.Combine(place, name)));
        foreach (string place in places.ToArray()) places.Add(Path.Combine(place, "images"));
        string[] existing = [.. places.Distinct().Where(Directory.Exists)];
        (List<Sample> samples, List<string> classes) = AnnotationFile.Read(File, Image, note);
        return new MaskedPart(Part, samples, classes);

        string? Image(string name)
        {
            foreach (string its in (string[])[name, Path.GetFileName(name)])
                foreach (string place in existing)
                    if (its.Length > 0 && !its.Contains('\0') && System.IO.File.Exists(Path.Combine(place, its)))
                        return Path.Combine(place, its);
            return null;
        }
    }

    static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.json")
        .Where(file => !Path.GetFileName(file).StartsWith('.') && AnnotationFile.IsAt(file))
        .Order(CodePointComparer.Instance);

    // instances_train2017.json
    static string? PartIn(string file)
    {
        foreach (string word in Path.GetFileNameWithoutExtension(file).Split('_', '-', '.', ' '))
            if (FolderNames.PartOf(word.TrimEnd("0123456789".ToCharArray())) is { } part) return part;
        return null;
    }
}
