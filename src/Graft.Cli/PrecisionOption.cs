using System.CommandLine;

namespace Graft.Cli;

/// <summary>The words for kinds of precision, and the option of commands that only run a model.</summary>
static class PrecisionOption
{
    /// <summary>The words, the default first.</summary>
    public static string[] Names { get; } = [.. Enum.GetNames<PrecisionKind>().Select(name => name.ToLowerInvariant())];

    /// <summary>The kind that a word stands for.</summary>
    public static PrecisionKind Parse(string word) => Enum.Parse<PrecisionKind>(word, ignoreCase: true);

    /// <summary>The option for running a model, where float32 is the default.</summary>
    public static Option<string> ForRunning() => MakeOption.Choice("--precision", ["fp32", "bf16", "fp16", "auto"],
        "the type of products: bf16 is less exact, and faster on CPUs with matrix tiles for it (AMX); fp16 needs a GPU");
}
