using System.CommandLine;

namespace Graft.Cli;

/// <summary>A verb with what its help needs: options in titled sections and examples.</summary>
abstract class GraftCommand(string name, string description) : Command(name, description)
{
    readonly List<(string Title, IReadOnlyList<Option> Options)> sections = [];

    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Sections => sections;

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
