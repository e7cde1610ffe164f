using Graft.Formats;
using Graft.Models;
using Graft.Reports;

namespace Graft;

/// <summary>The report of a finished run: one page of HTML that needs nothing from elsewhere.</summary>
public static class RunReport
{
    /// <summary>Makes the page of what lies in the run's folder, and of the images where they still lie.</summary>
    /// <param name="run">the run's folder</param>
    /// <param name="options">what it shows; null: as their defaults say</param>
    /// <param name="note">told of what is missing: images that went away, a model that does not open</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is not that of a finished run, or a file of it is damaged.</exception>
    public static string Build(string run, ReportOptions? options = null, Action<string>? note = null)
    {
        options ??= new ReportOptions();
        RunRecord record = RunRecord.Read(run);
        using SavedModel? model = options.Overlays && record.Predictions is not null ? Open(run, options, note) : null;
        return RunPage.Build(record, options, model?.Network, note);
    }

    /// <summary>Makes the page and writes it, whole or not at all.</summary>
    /// <param name="run">the run's folder</param>
    /// <param name="path">the file; null: <c>report.html</c> in the run's folder</param>
    /// <param name="options">what it shows; null: as their defaults say</param>
    /// <param name="note">told of what is missing</param>
    /// <returns>The file.</returns>
    /// <inheritdoc cref="Build" path="/exception"/>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(string run, string? path = null, ReportOptions? options = null, Action<string>? note = null)
    {
        string page = Build(run, options, note);
        path ??= Path.Combine(run, RunFiles.Report);
        AtomicFile.WriteText(path, page);
        return path;
    }

    /// <summary>The page of a run whose model is at hand.</summary>
    internal static string BuildWith(string run, ImageModel model) =>
        RunPage.Build(RunRecord.Read(run), new ReportOptions(), model);

    static SavedModel? Open(string run, ReportOptions options, Action<string>? note)
    {
        try
        {
            return SavedModel.Open(run, device: options.Device);
        }
        catch (Exception error) when
            (error is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
        {
            note?.Invoke($"the model does not open, so mistakes are shown without what it looked at: {error.Message}");
            return null;
        }
    }
}
