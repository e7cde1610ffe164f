using System.Diagnostics;
using Graft.Models;
using static System.FormattableString;

namespace Graft.Cli;

/// <summary>
/// Shows how a download gets on: a bar with rate and time left where the error stream is a terminal, a plain line now and then
/// otherwise. Small files pass without a word.
/// </summary>
sealed class DownloadProgress(CommandContext context) : IDownloadProgress
{
    const int BarWidth = 24;
    const int RedrawMilliseconds = 100;
    const int PlainLineMilliseconds = 10_000;
    const long SmallBytes = 1 << 20;

    readonly Stopwatch time = new();
    long already, lastShown;
    bool barIsShown;

    public void Note(string message)
    {
        Clear();
        context.Error.WriteLine("graft: " + message);
    }

    public void Started(string file, long? bytes, long already)
    {
        this.already = already;
        time.Restart();
        lastShown = Environment.TickCount64;
        if (context.ErrorIsTerminal || bytes < SmallBytes) return;
        string size = bytes is { } known ? ", " + Size(known) : "";
        string rest = already > 0 ? $", of which {Size(already)} are here" : "";
        context.Error.WriteLine($"graft: fetching {file}{size}{rest}");
    }

    public void Advanced(string file, long bytes, long? total)
    {
        long now = Environment.TickCount64;
        int pause = context.ErrorIsTerminal ? RedrawMilliseconds : PlainLineMilliseconds;
        if (now - lastShown < pause && (bytes != total || !barIsShown)) return;
        lastShown = now;
        string line = Describe(file, bytes, total);
        if (!context.ErrorIsTerminal)
        {
            context.Error.WriteLine(line);
            return;
        }
        int width = Math.Max(20, context.TerminalWidth - 1);
        context.Error.Write("\r" + (line.Length > width ? line[..width] : line) + "\x1b[K");
        barIsShown = true;
    }

    public void Finished(string file) => Clear();

    string Describe(string file, long bytes, long? total)
    {
        double seconds = Math.Max(time.Elapsed.TotalSeconds, 1e-3), rate = (bytes - already) / seconds;
        string text = file;
        if (context.ErrorIsTerminal && total is > 0)
        {
            int full = Math.Clamp((int)(BarWidth * (double)bytes / total.Value), 0, BarWidth);
            text += $" [{new string('=', full)}{new string(' ', BarWidth - full)}]";
        }
        text += $" {Size(bytes)}" + (total is { } whole ? $" of {Size(whole)}" : "") + $"  {Size((long)rate)}/s";
        return total is { } end && rate > 0 ? $"{text}  {Durations.Format((end - bytes) / rate)} left" : text;
    }

    void Clear()
    {
        if (barIsShown) context.Error.Write("\r\x1b[K");
        barIsShown = false;
    }

    /// <summary><c>812 B</c>, <c>14.2 kB</c>, <c>344.4 MB</c>, <c>1.25 GB</c>, by thousands as the Hub counts.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1000 => Invariant($"{bytes} B"),
        < 1_000_000 => Invariant($"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{bytes / 1e9:0.00} GB"),
    };
}
