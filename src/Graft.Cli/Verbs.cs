using Graft.Cli.Commands;

namespace Graft.Cli;

/// <summary>Everything Graft can be told to do, in the order of the help.</summary>
static class Verbs
{
    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new("pixels", "print size, mode and checksum of an image's pixels", () => new PixelsCommand()),
    ];
}
