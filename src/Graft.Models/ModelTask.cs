using System.Globalization;
using System.Text.Json;
using Graft.Imaging;

namespace Graft.Models;

/// <summary>
/// What a model's outputs mean. Saved in <c>config.json</c> as <c>problem_type</c>, by which transformers chooses the loss; a
/// classifier of single labels is saved without it, as Hugging Face has them.
/// </summary>
public sealed record ModelTask
{
    const string Key = "problem_type", ThresholdsKey = "thresholds", TemperatureKey = "temperature",
        PaletteKey = "palette";

    /// <summary>What the outputs say.</summary>
    /// <value><see cref="ProblemType.SingleLabel"/></value>
    public ProblemType Problem { get; init; }

    /// <summary>
    /// For <see cref="ProblemType.MultiLabel"/>: from which probability, in [0, 1], each label is taken to be there.
    /// </summary>
    /// <value>null: from 0.5</value>
    public IReadOnlyList<double>? Thresholds { get; init; }

    /// <summary>The probability from which a label is taken to be there.</summary>
    public double ThresholdOf(int label) => Thresholds is { } all ? all[label] : 0.5;

    /// <summary>
    /// What logits are divided by so that probabilities say how often the model is right, fitted to validation images; used where
    /// calibrated probabilities are asked for. Guo et al. 2017, arXiv:1706.04599.
    /// </summary>
    /// <value>null: none was fitted</value>
    public double? Temperature { get; init; }

    /// <summary>For <see cref="ProblemType.Segmentation"/>: the colour in which each class is shown.</summary>
    /// <value>null: those of <see cref="MaskPalette"/></value>
    public IReadOnlyList<RgbColor>? Palette { get; init; }

    /// <summary>Whether there is something that only Graft's own settings say.</summary>
    internal bool HasOwn => Thresholds is not null || Temperature is not null || Palette is not null;

    /// <summary>Whether a label is taken to be there: the sigmoid of its logit is above its threshold.</summary>
    public bool Has(int label, double logit) => logit > LogitThresholdOf(label);

    /// <summary>The logit from which a label is taken to be there: the log odds of its threshold.</summary>
    public double LogitThresholdOf(int label) => Thresholds is null ? 0 : Math.Log(ThresholdOf(label) / (1 - ThresholdOf(label)));

    /// <summary>The task that a configuration names.</summary>
    /// <exception cref="InvalidDataException">There is no such problem type, or the thresholds make no sense.</exception>
    internal static ModelTask Read(ConfigReader config)
    {
        ProblemType problem = config.Text(Key, NameOf(ProblemType.SingleLabel)) switch
        {
            "single_label_classification" => ProblemType.SingleLabel,
            "multi_label_classification" => ProblemType.MultiLabel,
            "regression" => ProblemType.Regression,
            _ => throw config.Wrong(
                Key, "single_label_classification, multi_label_classification or regression", config.Element.GetProperty(Key)),
        };
        var task = new ModelTask { Problem = problem };
        if (problem == ProblemType.Regression || !config.Has("graft")) return task;
        ConfigReader own = config.Section("graft")!;
        if (own.Has(PaletteKey)) task = task with { Palette = ReadPalette(own) };
        if (own.Has(TemperatureKey)) task = task with { Temperature = own.Number(TemperatureKey, 1, 1e-3, 1e3) };
        if (problem != ProblemType.MultiLabel || !own.Has(ThresholdsKey)) return task;
        JsonElement list = own.Element.GetProperty(ThresholdsKey);
        bool fits = list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(
            item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double value) && value is >= 0 and <= 1);
        if (!fits) throw own.Wrong(ThresholdsKey, "a list of numbers from 0 to 1", list);
        return task with { Thresholds = [.. list.EnumerateArray().Select(item => item.GetDouble())] };
    }

    static RgbColor[] ReadPalette(ConfigReader own)
    {
        JsonElement list = own.Element.GetProperty(PaletteKey);
        InvalidDataException Wrong() => own.Wrong(PaletteKey, "a list of colours such as \"#ff8000\"", list);
        if (list.ValueKind != JsonValueKind.Array) throw Wrong();
        return [.. list.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.String && item.GetString() is ['#', .. { Length: 6 } digits] &&
            int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int color)
                ? new RgbColor((byte)(color >> 16), (byte)(color >> 8), (byte)color) : throw Wrong())];
    }

    /// <summary>Refuses thresholds or colours of another number of labels.</summary>
    /// <exception cref="InvalidDataException">They are of another model.</exception>
    internal void Check(int labels, string where)
    {
        if (Palette is { } colors && colors.Count != labels)
            throw new InvalidDataException($"{where}: {PaletteKey}: expected {labels}, one for each label, found {colors.Count}");
        if (Thresholds is { } all && all.Count != labels)
            throw new InvalidDataException($"{where}: {ThresholdsKey}: expected {labels}, one for each label, found {all.Count}");
    }

    /// <summary>Writes the problem type where it is not the usual one.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        // transformers refuses problem types that it does not know
        if (Problem is not (ProblemType.SingleLabel or ProblemType.Segmentation)) writer.WriteString(Key, NameOf(Problem));
    }

    /// <summary>Writes temperature, colours and thresholds, into the object of Graft's own settings.</summary>
    internal void WriteOwn(Utf8JsonWriter writer)
    {
        if (Palette is { } colors)
        {
            writer.WriteStartArray(PaletteKey);
            foreach (RgbColor color in colors) writer.WriteStringValue($"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}");
            writer.WriteEndArray();
        }
        if (Temperature is { } temperature) writer.WriteNumber(TemperatureKey, temperature);
        if (Thresholds is not { } all) return;
        writer.WriteStartArray(ThresholdsKey);
        foreach (double value in all) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    static string NameOf(ProblemType problem) => problem switch
    {
        ProblemType.MultiLabel => "multi_label_classification",
        ProblemType.Regression => "regression",
        _ => "single_label_classification",
    };
}
