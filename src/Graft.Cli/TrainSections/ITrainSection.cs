using System.CommandLine;

namespace Graft.Cli.TrainSections;

/// <summary>Some options of <c>graft train</c> that belong together, and what they say.</summary>
interface ITrainSection
{
    /// <summary>What the help calls them.</summary>
    string Title { get; }

    /// <summary>The options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>The settings, with what was given.</summary>
    /// <exception cref="UsageException">Options exclude each other, or one is missing.</exception>
    JobConfig Apply(ParseResult arguments, JobConfig config);
}
