namespace Graft.Data;

/// <summary>Names in one line of a message.</summary>
static class Listing
{
    const int Shown = 5;

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Of(IReadOnlyCollection<string> names)
    {
        string shown = string.Join(", ", names.Take(Shown));
        return names.Count > Shown ? $"{shown} and {names.Count - Shown} more" : shown;
    }
}
