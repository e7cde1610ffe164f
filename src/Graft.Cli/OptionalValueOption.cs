using System.CommandLine;

namespace Graft.Cli;

/// <summary>
/// An option that may stand alone or with a value: <c>--augment</c>, <c>--augment fastai</c>. The word after it is its value only
/// where it can be one, so that an argument may follow as well: <c>graft train --augment photos</c>.
/// </summary>
/// <param name="name">the option: <c>--augment</c></param>
/// <param name="bare">the value of the option alone</param>
/// <param name="takes">whether a word can be its value</param>
sealed class OptionalValueOption(string name, string bare, Func<string, bool> takes) : Option<string?>(name)
{
    /// <summary>The value of the option alone.</summary>
    public string Bare => bare;

    /// <summary>The words, with each such option that stands alone given its own value.</summary>
    public static IReadOnlyList<string> Complete(GraftCommand command, IReadOnlyList<string> words)
    {
        OptionalValueOption[] options = [.. command.Options.OfType<OptionalValueOption>()];
        if (options.Length == 0) return words;
        List<string> completed = [];
        bool literal = false;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            literal |= word == "--";
            OptionalValueOption? option = literal ? null : options.FirstOrDefault(one => one.Name == word);
            bool alone = i + 1 == words.Count || words[i + 1].StartsWith('-') || option?.Takes(words[i + 1]) == false;
            completed.Add(option is not null && alone ? $"{word}={option.Bare}" : word);
        }
        return completed;
    }

    /// <summary>Whether a word can be its value.</summary>
    public bool Takes(string word) => takes(word);

    /// <summary>An option with its description.</summary>
    public static OptionalValueOption Of(
        string name, string valueName, string bare, Func<string, bool> takes, string description) =>
        new(name, bare, takes)
        {
            Description = description,
            HelpName = $"[{valueName}]",
            Arity = ArgumentArity.ExactlyOne,
        };
}
