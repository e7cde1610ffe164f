using System.CommandLine;
using Graft.Cli.Commands;

namespace Graft.Cli.Tests;

/// <summary>Runs the program inside the test, with its streams caught.</summary>
static class Shell
{
    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        using CommandContext context = new(output, error)
        {
            Verbose = arguments.Contains("--verbose"),
            CommandLine = ["graft", .. arguments],
        };
        int code = Application.Run(arguments, [.. Verbs.All, new("probe", "for tests", () => new ProbeCommand())], context);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A command that does what its argument says.</summary>
    sealed class ProbeCommand : GraftCommand
    {
        readonly Argument<string[]> words = new("WORD") { Description = "what to do", Arity = ArgumentArity.ZeroOrMore };
        readonly Option<int?> number = MakeOption.Number("--number", "a number", minimum: 1);
        readonly Option<double?> real = MakeOption.Real("--real", "a share", 0, 1);
        readonly Option<bool> flag = MakeOption.Flag("--flag", "a flag");
        readonly Option<string> choice = MakeOption.Choice("--choice", ["first", "second"], "a choice");
        readonly Option<NumberList?> shape = MakeOption.Numbers("--shape", "N,C,H,W", ',', "a shape");

        public ProbeCommand() : base("probe", "Does what it is told.")
        {
            Add(words);
            AddSection("Options", number, real, flag, choice, shape);
        }

        public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } = [("graft probe", "nothing")];

        public override int Run(ParseResult arguments, CommandContext context)
        {
            string[] given = arguments.GetValue(words)!;
            switch (given.FirstOrDefault())
            {
                case "throw": throw new NullReferenceException("of no use");
                case "bad-file": throw new InvalidDataException("a.bin: expected 3 bytes,\n  got 2");
                case "cancel": throw new OperationCanceledException();
                case "argument": throw new ArgumentException("no such thing", nameof(arguments));
            }
            string list = arguments.GetValue(shape) is { } sizes ? string.Join('/', sizes.Values) : "none";
            string numbers = FormattableString.Invariant($"{arguments.GetValue(number)} {arguments.GetValue(real)}");
            context.Output.WriteLine(
                $"{string.Join('+', given)} {numbers} {arguments.GetValue(flag)} {arguments.GetValue(choice)} {list}");
            return ExitCode.Success;
        }
    }
}
