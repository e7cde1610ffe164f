using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// A folder of photographs, one folder a class, in either shape of the field: <c>root/class/*</c>, or
/// <c>root/{train,val,test}/class/*</c> (<c>valid</c> and <c>validation</c> too, in any case). Classes are numbered in the order
/// of Python's <c>sorted</c>, images are found at any depth below their class and ordered as torchvision's ImageFolder orders
/// them. Hidden files and folders are passed over; files of other kinds are counted.
/// </summary>
public sealed class ImageFolder : ImageData
{
    static readonly string[] trainNames = ["train", "training"];
    static readonly string[] validationNames = ["val", "valid", "validation"];
    static readonly string[] testNames = ["test", "testing"];

    static readonly string[] allNames = [.. trainNames, .. validationNames, .. testNames];

    // What systems put into folders of photographs.
    static readonly string[] leftBehind = ["Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir"];

    readonly HashSet<string> extensions = new(ImageCodec.Extensions, StringComparer.OrdinalIgnoreCase);
    ImageFolder(string root) : base(root)
    {
    }

    /// <summary>How many files were passed over since they are no images by their names.</summary>
    public int OtherFiles { get; private set; }

    /// <summary>Reads the listing of a folder. No image is opened.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="minimumClasses">The least number of classes. <value>2: a classifier has to choose.</value></param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder is empty, has no class folders, one class only, a class without images,
    /// or other classes in its validation than in its training.</exception>
    public static ImageFolder Open(string root, int minimumClasses = 2)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException(
                File.Exists(root)
                    ? $"{root}: expected a folder with one folder of images for each class, found a file. Unpack archives first."
                    : $"{root}: no such folder. Give a folder that has one folder of images for each class.");
        ImageFolder folder = new(root);
        folder.Read(minimumClasses);
        return folder;
    }

    void Read(int minimumClasses)
    {
        string[] folders = Folders(Root);
        string? train = Part(folders, trainNames), validation = Part(folders, validationNames), test = Part(folders, testNames);
        bool parted = train is not null || (folders.Length > 0 && folders.All(name => name == validation || name == test));
        if (!parted)
        {
            if (folders.Length > 1 && folders.All(name => allNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
                throw new InvalidDataException(
                    $"{Root}: expected class folders below {Listing.Of(folders)}, found none. Put each image into one.");
            All = ReadClasses(Root, Root, folders);
        }
        else
        {
            Train = ReadPart(train, "train");
            Validation = ReadPart(validation, "val");
            Test = ReadPart(test, "test");
            string[] others = [.. folders.Where(name => name != train && name != validation && name != test)];
            if (others.Length > 0)
                AddNote($"{Root}: passed over {Listing.Of(others)} beside {PartNames}");
        }
        ImageDataset first = Parts().First();
        foreach (ImageDataset part in Parts().Skip(1)) CheckSameClasses(first, part);
        Classes = first.Classes;
        if (Classes.Count < minimumClasses)
            throw new InvalidDataException(
                $"{Root}: expected at least {minimumClasses} classes, found only '{Classes[0]}'. "
                + "Add a folder of images for each further class.");
        // One list of classes for all parts, so that labels mean the same everywhere.
        if (Validation is not null) Validation = new ImageDataset(Validation.Name, Validation.Samples, Classes);
        if (Test is not null) Test = new ImageDataset(Test.Name, Test.Samples, Classes);
    }

    // A class may well be called "train", among vehicles for example: a part has folders below, and images of its own at most by
    // mistake, where only parts are beside it.
    string? Part(string[] folders, string[] names)
    {
        bool alone = folders.All(name => allNames.Contains(name, StringComparer.OrdinalIgnoreCase));
        string[] found =
        [
            .. folders.Where(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)
                && Folders(Path.Combine(Root, name)).Length > 0 && (alone || !Images(Path.Combine(Root, name)).Any())),
        ];
        if (found.Length > 1)
            throw new InvalidDataException($"{Root}: expected one of the folders {Listing.Of(found)}, found all.");
        return found.Length == 1 ? found[0] : null;
    }

    ImageDataset? ReadPart(string? folder, string name)
    {
        if (folder is null) return null;
        string path = Path.Combine(Root, folder);
        return ReadClasses(path, name, Folders(path));
    }

    ImageDataset ReadClasses(string path, string name, string[] classes)
    {
        string kinds = string.Join(", ", ImageCodec.Extensions);
        if (classes.Length == 0)
        {
            int images = Images(path).Count();
            int others = Directory.EnumerateFiles(path).Count(file => !IsHidden(Path.GetFileName(file))) - images;
            throw new InvalidDataException(
                images > 0
                    ? $"{path}: found {Count(images, "image")} but no class folders. Put each into a folder of its class."
                    : $"{path}: expected one folder of images for each class, found "
                        + (others > 0 ? $"no image and {Count(others, "other file")}." : "an empty folder."));
        }
        List<Sample> samples = [];
        List<string> empty = [];
        for (int label = 0; label < classes.Length; label++)
        {
            int before = samples.Count;
            foreach (string file in Files(Path.Combine(path, classes[label])))
            {
                string below = Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/');
                samples.Add(new Sample(file, label, samples.Count) { Name = below });
            }
            if (samples.Count == before) empty.Add(classes[label]);
        }
        if (samples.Count == 0)
            throw new InvalidDataException(
                $"{path}: found {Count(classes.Length, "folder")} ({Listing.Of(classes)}), none with images ({kinds}).");
        if (empty.Count > 0)
            throw new InvalidDataException(
                $"{path}: no images ({kinds}) in the class folder{(empty.Count > 1 ? "s" : "")} {Listing.Of(empty)}. "
                + "Add images or remove the folder.");
        int loose = Images(path).Count();
        if (loose > 0) AddNote($"{path}: passed over {Count(loose, "image")} outside of the class folders");
        return new ImageDataset(name, samples, classes);
    }

    void CheckSameClasses(ImageDataset first, ImageDataset second)
    {
        string[] lacking = [.. first.Classes.Except(second.Classes, StringComparer.Ordinal)];
        string[] additional = [.. second.Classes.Except(first.Classes, StringComparer.Ordinal)];
        if (lacking.Length == 0 && additional.Length == 0) return;
        string lacks = lacking.Length > 0 ? $"{second.Name} lacks {Listing.Of(lacking)}" : "";
        string has = additional.Length > 0 ? $"{second.Name} has {Listing.Of(additional)}, which {first.Name} has not" : "";
        throw new InvalidDataException(
            $"{Root}: expected the same classes in {first.Name} and {second.Name}: "
            + $"{lacks}{(lacks.Length > 0 && has.Length > 0 ? "; " : "")}{has}.");
    }

    /// <summary>
    /// The images of a class at any depth: folder by folder in the order of their paths, as torchvision walks them.
    /// </summary>
    List<string> Files(string folder)
    {
        List<string> folders = [];
        string real = Resolved(folder, Path.GetFullPath(folder));
        Walk(folder, real, folders, [real]);
        folders.Sort(CodePointComparer.Instance);
        List<string> files = [];
        foreach (string each in folders)
        {
            int before = files.Count;
            foreach (string path in Directory.EnumerateFiles(each))
            {
                if (IsHidden(Path.GetFileName(path))) continue;
                if (extensions.Contains(Path.GetExtension(path))) files.Add(path);
                else OtherFiles++;
            }
            files.Sort(before, files.Count - before, CodePointComparer.Instance);
        }
        return files;
    }

    // The folders on the way down are known by where links lead, so that a link to a parent ends the walk.
    static void Walk(string folder, string real, List<string> found, HashSet<string> above)
    {
        found.Add(folder);
        foreach (string name in Folders(folder))
        {
            string below = Path.Combine(folder, name), realBelow = Resolved(below, Path.Combine(real, name));
            if (!above.Add(realBelow)) continue;
            Walk(below, realBelow, found, above);
            above.Remove(realBelow);
        }
    }

    static string Resolved(string folder, string otherwise) =>
        Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? otherwise;

    static string[] Folders(string path)
    {
        string[] names =
        [
            .. Directory.EnumerateDirectories(path).Select(each => Path.GetFileName(each)).Where(name => !IsHidden(name)),
        ];
        Array.Sort(names, CodePointComparer.Instance);
        return names;
    }

    IEnumerable<string> Images(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
            if (!IsHidden(Path.GetFileName(path)) && extensions.Contains(Path.GetExtension(path))) yield return path;
    }

    static bool IsHidden(string name) =>
        name.StartsWith('.') || leftBehind.Contains(name, StringComparer.OrdinalIgnoreCase);

    static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
