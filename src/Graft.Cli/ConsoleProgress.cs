using System.Diagnostics;
using Graft.Training;
using static System.FormattableString;

namespace Graft.Cli;

/// <summary>
/// Shows how a job gets on: a bar with speed and time left where the error stream is a terminal, a plain line now and then
/// otherwise. What lasts (notes, finished epochs) goes above the bar.
/// </summary>
sealed class ConsoleProgress(CommandContext context, TextWriter results) : ITrainingProgress
{
    const int BarWidth = 24;
    const int RedrawMilliseconds = 100;
    const int PlainLineSeconds = 15;
    const double WaitShown = 0.05; // of an epoch's training: below it, images never keep the model waiting

    readonly Stopwatch phaseTime = new();
    long lastShown;
    bool barIsShown, headingIsWritten;

    /// <summary>Whether each finished epoch gets a line.</summary>
    public bool ShowsEpochs { get; init; } = true;

    public Models.IDownloadProgress Downloads { get; } = new DownloadProgress(context);

    public void Note(string message) => WriteLine(context.Error, "graft: " + message);

    public void Prepared(JobPlan plan)
    {
        if (!ShowsEpochs) return;
        string classes = string.Join(", ", plan.Labels.Take(6)) + (plan.Labels.Count > 6 ? ", ..." : "");
        string parameters = Invariant($"{plan.TrainableParameters:N0} of {plan.Parameters:N0} parameters to train");
        WriteLine(results, $"{plan.Architecture}, {plan.InputSize} px, {parameters}");
        WriteLine(results, $"{plan.TrainingImages} images to train on, {plan.ValidationImages} to validate on");
        WriteLine(results, $"{plan.Labels.Count} classes: {classes}");
        if (plan.Estimate is { } estimate) WriteLine(results, Describe(estimate));
    }

    public void PhaseStarted(string phase, int total)
    {
        phaseTime.Restart();
        lastShown = 0;
        if (context.ErrorIsTerminal) Draw(phase + " ...");
    }

    public void Advanced(StepProgress step)
    {
        long now = Environment.TickCount64;
        bool isLast = step.Batch == step.Batches;
        if (context.ErrorIsTerminal)
        {
            if (now - lastShown < RedrawMilliseconds && !isLast) return;
            lastShown = now;
            Draw(Describe(step, bar: true));
        }
        else
        {
            if (lastShown == 0) lastShown = now;
            if (now - lastShown < PlainLineSeconds * 1000) return;
            lastShown = now;
            context.Error.WriteLine(Describe(step, bar: false));
        }
    }

    public void EpochEnded(EpochRecord epoch)
    {
        if (!ShowsEpochs) return;
        if (!headingIsWritten)
            WriteLine(results, "epoch  trained      train loss  accuracy  |  val loss  accuracy  |  images/s      time");
        headingIsWritten = true;
        WriteLine(results, Invariant(
            $"{epoch.Epoch,5}  {epoch.Phase,-11}  {epoch.TrainLoss,10:0.0000}  {epoch.TrainAccuracy,8:0.0000}  |") + Invariant(
            $"  {epoch.ValidationLoss,8:0.0000}  {epoch.ValidationAccuracy,8:0.0000}  |  {epoch.ImagesPerSecond,8:0.0}") +
            $"  {Durations.Format(epoch.Seconds),8}" +
            string.Concat(epoch.Metrics.Select(metric => Invariant($"  {metric.Key} {metric.Value:0.0000}"))) +
            (epoch.IsBest ? "  best" : "") +
            (epoch.WaitShare > WaitShown ? Invariant($"  {100 * epoch.WaitShare:0}% of training spent waiting for images") : ""));
    }

    /// <summary>Takes the bar away.</summary>
    public void Finish()
    {
        if (!barIsShown) return;
        context.Error.Write("\r\x1b[K");
        barIsShown = false;
    }

    static string Describe(JobEstimate estimate)
    {
        string available = estimate.AvailableBytes is { } there ? $" (of {Gigabytes(there)} available)" : "";
        string memory = estimate.PeakBytes is { } peak ? $"{Gigabytes(peak)} of memory{available}, " : "";
        return $"estimated: {memory}about {Durations.About(estimate.Seconds)}";
    }

    static string Gigabytes(long bytes) => Invariant($"{bytes / 1e9:0.0} GB");

    string Describe(StepProgress step, bool bar)
    {
        double share = step.TotalImages > 0 ? (double)step.Images / step.TotalImages : 0;
        double left = step.ImagesPerSecond > 0 ? (step.TotalImages - step.Images) / step.ImagesPerSecond : double.NaN;
        string text = step.Epochs > 0 ? $"epoch {step.Epoch}/{step.Epochs} {step.Phase}" : step.Phase;
        if (bar)
        {
            int full = Math.Clamp((int)(share * BarWidth), 0, BarWidth);
            text += $" [{new string('=', full)}{new string(' ', BarWidth - full)}]";
        }
        text += Invariant($" {step.Images}/{step.TotalImages}");
        if (double.IsFinite(step.Loss)) text += Invariant($"  loss {step.Loss:0.000}");
        if (double.IsFinite(step.Accuracy)) text += Invariant($"  accuracy {step.Accuracy:0.000}");
        if (step.ImagesPerSecond > 0) text += Invariant($"  {step.ImagesPerSecond:0} images/s  {Durations.Format(left)} left");
        return text;
    }

    void Draw(string line)
    {
        int width = Math.Max(20, context.TerminalWidth - 1);
        context.Error.Write("\r" + (line.Length > width ? line[..width] : line) + "\x1b[K");
        barIsShown = true;
    }

    void WriteLine(TextWriter writer, string line)
    {
        Finish();
        writer.WriteLine(line);
        // what has been reached is to be seen at once
        writer.Flush();
    }
}
