namespace Graft.Models;

/// <summary>"Did you mean": the nearest of many names.</summary>
public static class Suggest
{
    /// <summary>
    /// The names nearest to a text, nearest first: none that differs in more than a third of its letters, unless it begins with
    /// the text. Upper and lower case, and the dashes before options, make no difference.
    /// </summary>
    public static IReadOnlyList<string> Nearest(string text, IEnumerable<string> names, int count = 3) =>
        NearestName.Of(text, names, count);

    /// <summary>A sentence with the nearest names after a space, or nothing: " Did you mean train or test?"</summary>
    public static string DidYouMean(string text, IEnumerable<string> names, int count = 3) =>
        NearestName.DidYouMean(text, names, count);

    /// <summary>
    /// Damerau and Levenshtein's distance with neighbours exchanged (optimal string alignment); limit + 1 where it is larger.
    /// </summary>
    internal static int Distance(string left, string right, int limit = int.MaxValue - 1) =>
        NearestName.Distance(left, right, limit);
}
