namespace Graft;

/// <summary>How settings are written in a run's files and on the command line.</summary>
static class RunNames
{
    /// <summary>The mode as <c>--mode</c> takes it.</summary>
    public static string Of(TrainingMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>A word for a folder's name: letters, digits, dot, dash and underscore.</summary>
    public static string Slug(string text)
    {
        IEnumerable<char> letters = text.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-');
        string kept = string.Concat(letters).Trim('-', '.');
        return kept.Length > 0 ? kept : "run";
    }
}
