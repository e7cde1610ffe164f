using System.Globalization;

namespace Graft;

/// <summary>Folders for what is about to be made: those asked for, or numbered ones under <c>runs</c>.</summary>
static class NewFolder
{
    /// <summary>The folder that was asked for, which must not hold anything yet.</summary>
    /// <param name="asked">its path, as it was given</param>
    /// <param name="instead">from its full path, what could be done with what lies there; null: nothing</param>
    /// <exception cref="IOException">It is a file, or holds something.</exception>
    public static string At(string asked, Func<string, string?>? instead = null)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked));
        if (File.Exists(target)) throw new IOException($"{asked}: expected a new folder, found a file. Give another --out.");
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any()) return target;
        string hint = instead?.Invoke(target) is { } better ? $", or {better}." : ".";
        throw new IOException($"{asked}: the folder is not empty, and nothing is overwritten. Give another --out{hint}");
    }

    /// <summary><c>runs/NAME-1</c>, <c>runs/NAME-2</c> and so on: those that are not there yet.</summary>
    public static IEnumerable<string> Numbered(string name)
    {
        string wanted = Path.GetFullPath(Path.Combine("runs", name));
        for (int number = 1; ; number++)
        {
            string candidate = $"{wanted}-{number.ToString(CultureInfo.InvariantCulture)}";
            if (!Path.Exists(candidate)) yield return candidate;
        }
    }
}
