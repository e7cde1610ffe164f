using System.Text;

namespace Graft;

/// <summary>Texts for machines and files: numbers have a point, whatever the user's language.</summary>
static class InvariantText
{
    /// <summary>Adds an interpolated text.</summary>
    public static StringBuilder Put(this StringBuilder to, FormattableString text) =>
        to.Append(FormattableString.Invariant(text));
}
