using System.Reflection;
using System.Text.RegularExpressions;

namespace Graft.Cli;

/// <summary>Turns an exception into one line on the error stream and an exit code.</summary>
static partial class ErrorReporter
{
    public static int Report(Exception exception, CommandContext context)
    {
        exception = Unwrap(exception);
        if (context.Verbose && exception is not UsageException) context.Error.WriteLine(exception);
        (int code, string line) = exception switch
        {
            UsageException => (ExitCode.Usage, exception.Message),
            OperationCanceledException => (ExitCode.Cancelled, "stopped"),
            OutOfMemoryException => (ExitCode.Failure, "out of memory: a smaller --batch-size needs less"),
            FileNotFoundException { FileName: { } path } when path.Contains('/') =>
                (ExitCode.Failure, $"{Shorten(path)}: no such file"),
            _ when IsExpected(exception) => (ExitCode.Failure, exception.Message),
            _ => (ExitCode.Failure, $"unexpected {exception.GetType().Name}: {exception.Message}" +
                (context.Verbose ? "" : " (--verbose shows where)")),
        };
        context.Error.WriteLine("graft: " + OneLine(line));
        return code;
    }

    /// <summary>What bad input, a bad file or the machine can cause; anything else is a mistake of ours.</summary>
    static bool IsExpected(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException or InvalidOperationException or DllNotFoundException or TimeoutException ||
        exception.GetType().Namespace?.StartsWith("Graft", StringComparison.Ordinal) == true;

    static Exception Unwrap(Exception exception) => exception switch
    {
        // of several at once, from parallel work, the first says enough
        AggregateException or TypeInitializationException or TargetInvocationException
            when exception.InnerException is { } inner => Unwrap(inner),
        _ => exception,
    };

    /// <summary>A path as the user would write it from here.</summary>
    static string Shorten(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    static string OneLine(string text) => LineBreaks().Replace(ParameterNote().Replace(text, ""), " ").Trim();

    // what .NET appends to the message of an ArgumentException
    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex ParameterNote();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
