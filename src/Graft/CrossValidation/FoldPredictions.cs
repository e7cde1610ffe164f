using System.Globalization;
using System.Text;
using Graft.Data;
using Graft.Formats;

namespace Graft;

/// <summary>
/// What models made of images that they were not trained on, as a table: path, truth, prediction and every output. A finished
/// fold leaves one, from which its measures can be had again.
/// </summary>
static class FoldPredictions
{
    public const string FileName = "predictions.csv";

    /// <summary>Writes the table of some folds, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<FoldResult> folds, IReadOnlyList<string> labels, LabelKind kind)
    {
        StringBuilder text = new("fold,image");
        if (kind == LabelKind.Single) text.Append(",label,predicted,probability");
        else
            foreach (string label in labels) text.Append(',').Append(Cell("true " + label));
        foreach (string label in labels) text.Append(',').Append(Cell((kind == LabelKind.Number ? "" : "logit ") + label));
        text.Append('\n');
        foreach (FoldResult fold in folds)
            foreach (SampleResult sample in fold.Validation.Samples)
            {
                text.Append(CultureInfo.InvariantCulture, $"{fold.Number},{Cell(sample.Image)}");
                if (sample.Targets is { } targets)
                    Put(text, targets);
                else
                    text.Append(CultureInfo.InvariantCulture,
                        $",{Cell(labels[sample.Label])},{Cell(labels[sample.Predicted])},{(float)sample.Probability}");
                Put(text, sample.Outputs!);
                text.Append('\n');
            }
        AtomicFile.WriteText(path, text.ToString());
    }

    /// <summary>The samples of a fold's table, whose columns were written by <see cref="Write"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of other labels.</exception>
    public static EvaluationResult Read(string path, IReadOnlyList<string> labels, LabelKind kind, Models.ModelTask? task)
    {
        IReadOnlyList<string> names = Training.MetricList.Usual(kind);
        var builder = new EvaluationBuilder(labels, names, means: task, keepsOutputs: true);
        int start = kind == LabelKind.Single ? 5 : 2 + labels.Count, width = start + labels.Count;
        Dictionary<string, int> numbers = [];
        for (int i = 0; i < labels.Count; i++) numbers[labels[i]] = i;
        foreach (string[] cells in TextTable.Read(path))
        {
            if (cells.Length != width) throw Damaged();
            float[] outputs = Values(cells.AsSpan(start));
            if (kind != LabelKind.Single) builder.Add(cells[1], Values(cells.AsSpan(2, labels.Count)), outputs);
            else if (numbers.TryGetValue(cells[2], out int label)) builder.Add(cells[1], label, outputs);
            else throw Damaged();
        }
        return builder.Build([]);

        float[] Values(ReadOnlySpan<string> texts)
        {
            float[] values = new float[texts.Length];
            for (int i = 0; i < values.Length; i++)
                if (!float.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])) throw Damaged();
            return values;
        }

        InvalidDataException Damaged() => new(
            $"{path}: expected the predictions of a fold over {labels.Count} labels, found something else. Remove the fold's "
            + "folder to run it again.");
    }

    static void Put(StringBuilder text, float[] values)
    {
        foreach (float value in values) text.Append(',').Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    // RFC 4180
    static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"") + "\"";
}
