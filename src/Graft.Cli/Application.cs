using System.Text;
using Graft.Models;
using Graft.Torch;

namespace Graft.Cli;

/// <summary>The way from words to a command: finds the verb, parses, runs, and turns failures into one line.</summary>
static class Application
{
    /// <summary>The program's version, <c>major.minor.patch</c>.</summary>
    public static string Version { get; } = typeof(Application).Assembly.GetName().Version!.ToString(fieldCount: 3);

    public static int Start(string[] arguments, IReadOnlyList<CommandEntry> commands)
    {
        // not Console.Out: it flushes at every line and takes longer to set up
        UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
        using StreamWriter output = new(Console.OpenStandardOutput(), utf8, bufferSize: 16 * 1024);
        using StreamWriter error = new(Console.OpenStandardError(), utf8) { AutoFlush = true };
        using CommandContext context = new(output, error)
        {
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Verbose = arguments.TakeWhile(word => word != "--").Contains("--verbose"),
            CommandLine = ["graft", .. arguments],
        };
        int code = Run(arguments, commands, context);
        if (context.UsesTorch) Engine.Exit(code);
        return code;
    }

    public static int Run(IReadOnlyList<string> arguments, IReadOnlyList<CommandEntry> commands, CommandContext context)
    {
        try
        {
            return Dispatch(arguments, commands, context);
        }
        catch (Exception exception)
        {
            context.Output.Flush();
            return ErrorReporter.Report(exception, context);
        }
        finally
        {
            context.Output.Flush();
        }
    }

    static int Dispatch(IReadOnlyList<string> arguments, IReadOnlyList<CommandEntry> commands, CommandContext context)
    {
        string[] words = [.. WithoutVerbose(arguments)];
        string first = words.Length > 0 ? words[0] : "--help";
        if (first is "--version" or "-V")
        {
            context.Output.WriteLine($"graft {Version}");
            return ExitCode.Success;
        }
        if (first == "help" && words.Length > 1) words = [.. words[1..], "--help"];
        else if (first is "help" || HelpWriter.IsHelp(first))
        {
            HelpWriter.WriteOverview(context.Output, commands);
            return ExitCode.Success;
        }
        GraftCommand command = Find(words[0], commands).Create();
        words = words[1..];
        while (words.Length > 0 && command.Verbs.FirstOrDefault(verb => verb.Name == words[0]) is { } verb)
        {
            command = verb.Create();
            words = words[1..];
        }
        if (words.TakeWhile(word => word != "--").Any(HelpWriter.IsHelp))
        {
            HelpWriter.WriteCommand(context.Output, command);
            return ExitCode.Success;
        }
        return command.Run(ArgumentParser.Parse(command, words), context);
    }

    static CommandEntry Find(string verb, IReadOnlyList<CommandEntry> commands)
    {
        foreach (CommandEntry command in commands)
            if (command.Name == verb) return command;
        string kind = verb.StartsWith('-') ? "option" : "command";
        IEnumerable<string> known = kind == "option" ? ["--help", "--version", "--verbose"]
            : commands.Select(command => command.Name).Append("test");
        throw new UsageException($"unknown {kind} {verb}.{Suggest.DidYouMean(verb, known)} See graft --help.");
    }

    static IEnumerable<string> WithoutVerbose(IReadOnlyList<string> arguments)
    {
        bool literal = false;
        foreach (string word in arguments)
        {
            literal |= word == "--";
            if (literal || word != "--verbose") yield return word;
        }
    }
}
