using System.CommandLine.Parsing;
using System.CommandLine;
using System.Globalization;
using Graft.Models;

namespace Graft.Cli;

/// <summary>Parses the words after a verb and turns every mistake into one line that says what was expected.</summary>
static class ArgumentParser
{
    static readonly ParserConfiguration configuration = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <exception cref="UsageException">The words do not fit the command.</exception>
    public static ParseResult Parse(GraftCommand command, IReadOnlyList<string> words)
    {
        RefuseUnknownOptions(command, words);
        words = OptionalValueOption.Complete(command, words);
        ParseResult result = command.Parse(words, configuration);
        foreach (Argument argument in command.Arguments)
            if ((result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
                throw Misuse(command, $"{argument.Name} is missing.");
        foreach (Option option in command.Options)
            if (option.Required && result.GetResult(option) is not { Implicit: false })
                throw Misuse(command, $"{option.Name} {option.HelpName} is missing.");
        if (result.UnmatchedTokens.Count > 0) throw Misuse(command, $"unexpected {Quote(result.UnmatchedTokens[0])}.");
        if (result.Errors.Count > 0) throw Misuse(command, Describe(result.Errors[0]));
        return result;
    }

    /// <summary>An unknown option would otherwise be taken for a file name.</summary>
    static void RefuseUnknownOptions(GraftCommand command, IReadOnlyList<string> words)
    {
        List<string> known = [.. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
        foreach (string word in words)
        {
            if (word == "--") return;
            if (word.Length < 2 || word[0] != '-' || IsNumber(word)) continue;
            string name = word.Split('=', ':')[0];
            if (!known.Contains(name))
                throw Misuse(command, $"unknown option {name}.{Suggest.DidYouMean(name, known.Append("--help"))}");
        }
    }

    static UsageException Misuse(GraftCommand command, string problem) =>
        new($"{command.FullName}: {problem} See graft {command.FullName} --help.");

    static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option when option.Option.Arity.MinimumNumberOfValues > 0 =>
            $"{option.Option.Name} needs a value: {option.Option.Name} {option.Option.HelpName}.",
        OptionResult { IdentifierTokenCount: > 1 } option => $"{option.Option.Name} is given more than once.",
        _ => error.Message[^1] is '.' or '?' ? error.Message : error.Message + ".",
    };

    static bool IsNumber(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static string Quote(string word) => word.Contains(' ') ? $"'{word}'" : word;
}
