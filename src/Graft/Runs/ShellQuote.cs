namespace Graft;

/// <summary>Writes words so that a shell reads them as they are.</summary>
public static class ShellQuote
{
    /// <summary>Words as a command line.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A word, in single quotes where it has anything that a shell might see something in.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "_-./:=,+@%".Contains(letter))
            ? word : "'" + word.Replace("'", "'\\''") + "'";
}
