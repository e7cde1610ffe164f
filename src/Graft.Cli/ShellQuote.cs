namespace Graft.Cli;

/// <summary>Writes words so that a shell reads them as they are.</summary>
static class ShellQuote
{
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "_-./:=,+@%".Contains(letter))
            ? word : "'" + word.Replace("'", "'\\''") + "'";
}
