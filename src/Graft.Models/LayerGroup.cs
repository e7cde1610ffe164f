namespace Graft.Models;

/// <summary>Neighbouring layers that are frozen, freed and given a rate together.</summary>
/// <param name="Name">A short name for people: <c>stem</c>, <c>layer3</c>, <c>head</c>.</param>
/// <param name="Paths">The paths below which its weights stand.</param>
public sealed record LayerGroup(string Name, IReadOnlyList<string> Paths)
{
    /// <summary>Whether a parameter of that name belongs to it.</summary>
    public bool Contains(string parameter)
    {
        foreach (string path in Paths)
            if (Nn.ModulePath.IsWithin(parameter, path)) return true;
        return false;
    }
}
