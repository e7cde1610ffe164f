using System.Text.RegularExpressions;

namespace Graft.Models;

/// <summary>
/// A repository in huggingface_hub's cache: <c>models--org--name/{blobs,snapshots/COMMIT,refs,.no_exist/COMMIT}</c>. Contents are
/// blobs named by their tag; a snapshot's files are relative links to them.
/// </summary>
sealed partial class HubCache
{
    // so that backups leave the folder out: https://bford.info/cachedir
    const string CacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of the Hugging Face Hub.\n";

    readonly string root, name;
    readonly bool links;

    public HubCache(HubSettings settings, string repository)
    {
        root = settings.CacheFolder;
        links = settings.Links;
        name = "models--" + repository.Replace("/", "--");
        Folder = Path.Combine(root, name);
    }

    /// <summary>The repository's own folder.</summary>
    public string Folder { get; }

    /// <summary>The lock of a blob.</summary>
    public string LockOf(string tag) => Path.Combine(root, ".locks", name, tag + ".lock");

    /// <summary>Where a content lies.</summary>
    public string BlobOf(string tag) => Path.Combine(Folder, "blobs", tag);

    /// <summary>The folder of a commit.</summary>
    public string SnapshotOf(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>Where a file of a commit lies, or will.</summary>
    public string PathOf(string commit, string file) => Path.Combine(SnapshotOf(commit), Path.Combine(file.Split('/')));

    /// <summary>Whether a file of a commit is there; a link to nothing is not.</summary>
    public bool Has(string commit, string file) => IsThere(PathOf(commit, file));

    /// <summary>Whether the Hub once said that the commit has no such file.</summary>
    public bool IsKnownMissing(string commit, string file) => File.Exists(MissingOf(commit, file));

    /// <summary>The commit that a revision was when it was last asked for; null where it never was.</summary>
    public string? CommitOf(string revision)
    {
        if (IsCommit(revision)) return revision;
        string path = RefOf(revision);
        if (!File.Exists(path) || new FileInfo(path).Length > 200) return null;
        string commit = File.ReadAllText(path).Trim();
        return IsCommit(commit) ? commit : null;
    }

    public void WriteRef(string revision, string commit)
    {
        if (revision == commit || CommitOf(revision) == commit) return;
        Try(() =>
        {
            string path = RefOf(revision);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string passing = $"{path}.{Path.GetRandomFileName()}.tmp";
            File.WriteAllText(passing, commit); // no line break, as Python compares it
            File.Move(passing, path, overwrite: true);
        });
    }

    public void MarkMissing(string commit, string file)
    {
        string path = MissingOf(commit, file);
        if (File.Exists(path)) return;
        Try(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        });
    }

    /// <summary>Makes the folders that a blob needs.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "blobs"));
        string tag = Path.Combine(root, "CACHEDIR.TAG");
        if (!File.Exists(tag)) Try(() => File.WriteAllText(tag, CacheTag));
    }

    /// <summary>Lets a file of a commit be a blob: by a link, or by the content itself where links cannot be made.</summary>
    /// <param name="commit">of which commit</param>
    /// <param name="file">its name there</param>
    /// <param name="tag">the blob</param>
    /// <param name="move">whether the blob is new, and so nobody else's</param>
    public void Link(string commit, string file, string tag, bool move)
    {
        string path = PathOf(commit, file), blob = BlobOf(tag);
        if (IsThere(path)) return;
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        File.Delete(path); // a link to nothing
        if (links && TryLink(path, Path.GetRelativePath(folder, blob))) return;
        if (move)
        {
            File.Move(blob, path, overwrite: true);
            return;
        }
        string passing = $"{path}.{Path.GetRandomFileName()}.tmp";
        File.Copy(blob, passing);
        File.Move(passing, path, overwrite: true);
    }

    /// <summary>A commit's 40 digits.</summary>
    public static bool IsCommit(string text) => Commits().IsMatch(text);

    /// <summary>Whether a tag may be a file's name.</summary>
    public static bool IsTag(string text) => Tags().IsMatch(text);

    /// <summary>Whether a repository's file name stays within a folder.</summary>
    public static bool IsFileName(string text) =>
        text.Length <= 250 && Names().IsMatch(text) && text.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>Remembers what can be asked for again: a cache that others own is good for reading.</summary>
    static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // asked for again next time
        }
    }

    static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return IsThere(path); // another process was faster
        }
    }

    static bool IsThere(string path) =>
        File.Exists(path) && (new FileInfo(path).LinkTarget is null || File.ResolveLinkTarget(path, true) is { Exists: true });

    string RefOf(string revision) => Path.Combine(Folder, "refs", Path.Combine(revision.Split('/')));

    string MissingOf(string commit, string file) =>
        Path.Combine(Folder, ".no_exist", commit, Path.Combine(file.Split('/')));

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commits();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex Tags();

    [GeneratedRegex(@"^[A-Za-z0-9._/ -]+\z")]
    private static partial Regex Names();
}
