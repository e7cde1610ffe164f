using System.CommandLine;

namespace Graft.Cli;

/// <summary>Writes the help of the program and of each verb.</summary>
static class HelpWriter
{
    const int Width = 110;

    public static bool IsHelp(string word) => word is "--help" or "-h" or "-?";

    public static void WriteOverview(TextWriter output, IReadOnlyList<CommandEntry> commands)
    {
        output.WriteLine("Graft: transfer learning for vision. From a folder of photos to a fine-tuned model, in one command.");
        output.WriteLine();
        output.WriteLine("Usage: graft COMMAND [options]");
        output.WriteLine();
        output.WriteLine("Commands:");
        WriteColumns(output, [.. commands.Select(command => (command.Name, command.Summary)),
            ("test", "run every check of a checkout: format, build, tests")]);
        output.WriteLine();
        output.WriteLine("Options:");
        WriteColumns(output,
        [
            ("-h, --help", "this help; graft COMMAND --help shows a command's own"),
            ("--version", "the program's version"),
            ("--verbose", "show where a failure happened"),
        ]);
        output.WriteLine();
        output.WriteLine("Examples:");
        WriteColumns(output,
        [
            ("graft demo", "transfer learning shown on images that Graft draws itself"),
            ("graft train photos --model weights/resnet50", "fine-tune a model on photos/<class>/*"),
            ("graft predict runs/photos photo.jpg", "what is on it?"),
        ]);
    }

    public static void WriteCommand(TextWriter output, GraftCommand command)
    {
        Wrap(output, command.Description ?? "", column: 0, indent: "");
        output.WriteLine();
        output.WriteLine($"Usage: {Usage(command)}");
        foreach (CommandEntry verb in command.Verbs) output.WriteLine($"       {Usage(verb.Create())}");
        if (command.Arguments.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Arguments:");
            WriteColumns(output, [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        }
        if (command.Verbs.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Commands:");
            WriteColumns(output, [.. command.Verbs.Select(verb => (verb.Name, verb.Summary))]);
        }
        List<(string Title, IReadOnlyList<Option> Options)> sections = [.. command.Sections];
        int width = sections.SelectMany(section => section.Options).Select(option => Label(option).Length)
            .Append("--verbose".Length).Max();
        foreach ((string title, IReadOnlyList<Option> options) in sections)
        {
            output.WriteLine();
            output.WriteLine(title + ":");
            WriteColumns(output, [.. options.Select(option => (Label(option), Describe(option)))], width);
        }
        output.WriteLine();
        output.WriteLine("Always:");
        WriteColumns(output, [("-h, --help", "this help"), ("--verbose", "show where a failure happened")], width);
        output.WriteLine();
        output.WriteLine("Examples:");
        foreach ((string line, string meaning) in command.Examples)
        {
            output.WriteLine($"  # {meaning}");
            output.WriteLine($"  {line}");
        }
    }

    public static string Usage(GraftCommand command)
    {
        List<string> words = ["graft", command.FullName];
        foreach (Argument argument in command.Arguments)
        {
            string name = argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
            words.Add(argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name);
        }
        words.AddRange(command.Options.Where(option => option.Required).Select(Label));
        if (command.Options.Any(option => !option.Required)) words.Add("[options]");
        return string.Join(' ', words);
    }

    static string Label(Option option) =>
        string.Join(", ", option.Aliases.Append(option.Name)) + (option.HelpName is { } value ? " " + value : "");

    static string Describe(Option option)
    {
        string text = option.Description ?? "";
        if (option.Required) return text + " (required)";
        return option.HasDefaultValue && option.GetDefaultValue() is string { Length: > 0 } value ? $"{text} [{value}]" : text;
    }

    /// <summary>Two columns; the second wraps under itself, and starts on its own line where the first is too wide.</summary>
    static void WriteColumns(TextWriter output, IReadOnlyList<(string Left, string Right)> rows, int? width = null)
    {
        int left = Math.Min(width ?? rows.Max(row => row.Left.Length), 44);
        foreach ((string label, string text) in rows)
        {
            output.Write("  " + label.PadRight(left));
            string indent = new(' ', left + 4);
            if (label.Length > left) output.Write("\n" + indent[2..]);
            output.Write("  ");
            Wrap(output, text, indent.Length, indent);
        }
    }

    /// <summary>Writes words and breaks lines before they get too long.</summary>
    static void Wrap(TextWriter output, string text, int column, string indent)
    {
        bool start = true;
        foreach (string word in text.Split(' '))
        {
            if (!start && column + 1 + word.Length > Width)
            {
                output.Write("\n" + indent);
                column = indent.Length;
                start = true;
            }
            if (!start) output.Write(' ');
            output.Write(word);
            column += word.Length + (start ? 0 : 1);
            start = false;
        }
        output.WriteLine();
    }
}
