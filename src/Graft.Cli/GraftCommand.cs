using System.CommandLine;

namespace Graft.Cli;

/// <summary>
/// A verb with what its help needs: options in titled sections, examples, and verbs of its own (<c>graft models show</c>).
/// </summary>
/// <param name="name">the last word: <c>show</c></param>
/// <param name="description">what it does, in a sentence or two</param>
/// <param name="parent">the verb that it belongs to, where it is one's own: <c>models</c></param>
abstract class GraftCommand(string name, string description, string? parent = null) : Command(name, description)
{
    readonly List<(string Title, IReadOnlyList<Option> Options)> sections = [];

    /// <summary>All words that call it: <c>models show</c>.</summary>
    public string FullName => parent is null ? Name : $"{parent} {Name}";

    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Sections => sections;

    /// <summary>Verbs of its own; a first word that is none of them is an argument.</summary>
    public virtual IReadOnlyList<CommandEntry> Verbs => [];

    /// <summary>Command lines worth showing, each with what it does.</summary>
    public abstract IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; }

    /// <summary>Runs the verb.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(ParseResult arguments, CommandContext context);

    protected void AddSection(string title, params IReadOnlyList<Option> options)
    {
        sections.Add((title, options));
        foreach (Option option in options) Add(option);
    }
}
