using System.Globalization;
using Graft.Data;

namespace Graft.Training;

/// <summary>A metric's name as it was written, taken apart: <c>fbeta:beta=2:weighted</c>.</summary>
sealed class MetricRequest
{
    readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    MetricRequest(string text, MetricEntry entry) => (Text, Entry) = (text, entry);

    public string Text { get; }

    public MetricEntry Entry { get; }

    /// <summary>What is known of the images; together with <see cref="Labels"/> when the metric is made.</summary>
    public LabelKind Kind { get; private set; }

    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>Gives the sums that another metric has already, or makes them.</summary>
    public Func<string, Func<IMetric>, IMetric> Share { get; private set; } = static (_, make) => make();

    public int Classes => Labels.Count;

    public bool IsMultiple => Kind == LabelKind.Multiple;

    public MetricAverage Average { get; private set; } = MetricAverage.Macro;

    public KappaWeights Weights { get; private set; } = KappaWeights.None;

    public double Beta => Number("beta", 1);

    public double Threshold => Number("threshold", 0.5);

    public int Bins => (int)Number("bins", 15);

    public double Tolerance => Number("tolerance", BoundaryScore.UsualTolerance);

    public int K => (int)Number("k", 5);

    /// <summary>The number of the one class that is asked for; null for the average over all.</summary>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public int? Class
    {
        get
        {
            if (!values.TryGetValue("class", out string? name)) return null;
            for (int k = 0; k < Labels.Count; k++)
                if (Labels[k] == name) return k;
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Labels.Count)
                return number;
            throw new ArgumentException($"metric {Text}: expected one of the classes {Listed(Labels)}, came '{name}'.");
        }
    }

    /// <exception cref="ArgumentException">It is no metric, or its parameters make no sense.</exception>
    public static MetricRequest Parse(string text)
    {
        string[] words = text.Trim().Split(':');
        string name = words[0].Trim().ToLowerInvariant();
        string? places = null;
        bool isTop = name.StartsWith("top", StringComparison.Ordinal) && name.Length > 3;
        if (isTop && name.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0) (name, places) = ("top", name[3..]);
        MetricEntry entry = MetricList.All.FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException(
            $"metric '{text.Trim()}': expected one of {string.Join(", ", MetricList.All.Select(one => one.Name))}.");
        var request = new MetricRequest(text.Trim(), entry);
        if (places is not null) request.values["k"] = places;
        foreach (string word in words.AsSpan(1)) request.Take(word.Trim());
        request.Check("beta", 0, 1e6);
        request.Check("threshold", 1e-9, 1 - 1e-9);
        request.Check("tolerance", 0, 1);
        request.Check("bins", 1, 10_000, isWhole: true);
        request.Check("k", 1, 1_000_000, isWhole: true);
        return request;
    }

    /// <summary>Makes the metric.</summary>
    /// <exception cref="ArgumentException">It is not for such images.</exception>
    public MetricValue Create(LabelKind kind, IReadOnlyList<string> labels, Func<string, Func<IMetric>, IMetric> share)
    {
        if (!Entry.Kinds.Contains(kind))
        {
            IEnumerable<string> fitting = MetricList.All.Where(one => one.Kinds.Contains(kind)).Select(one => one.Name);
            throw new ArgumentException(
                $"metric {Text}: not for {Words(kind)}: expected one of {string.Join(", ", fitting)}.");
        }
        if (Average == MetricAverage.Samples && kind != LabelKind.Multiple)
            throw new ArgumentException($"metric {Text}: samples is for several labels: expected macro, micro or weighted.");
        (Kind, Labels, Share) = (kind, labels, share);
        return Entry.Create(this);
    }

    void Take(string word)
    {
        int equals = word.IndexOf('=');
        string key = (equals < 0 ? word : word[..(equals + 1)]).ToLowerInvariant();
        if (!Entry.Parameters.Contains(key))
            throw new ArgumentException(Entry.Parameters.Count == 0
                ? $"metric {Text}: {Entry.Name} takes no parameters, came '{word}'."
                : $"metric {Text}: expected {string.Join(", ", Entry.Parameters)} after {Entry.Name}, came '{word}'.");
        if (equals >= 0) values[word[..equals]] = word[(equals + 1)..];
        else if (Enum.TryParse(key, ignoreCase: true, out MetricAverage average)) Average = average;
        else Weights = Enum.Parse<KappaWeights>(key, ignoreCase: true);
    }

    void Check(string key, double low, double high, bool isWhole = false)
    {
        if (!values.TryGetValue(key, out string? text)) return;
        bool fits = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) &&
            number >= low && number <= high && (!isWhole || number == Math.Floor(number));
        if (!fits)
            throw new ArgumentException(FormattableString.Invariant(
                $"metric {Text}: {key}: expected a {(isWhole ? "whole " : "")}number from {low} to {high}, came '{text}'."));
    }

    double Number(string key, double fallback) => values.TryGetValue(key, out string? text)
        ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : fallback;

    static string Words(LabelKind kind) => kind switch
    {
        LabelKind.Multiple => "images of several labels",
        LabelKind.Number => "images of numbers",
        LabelKind.Mask => "masks",
        _ => "images of one class",
    };

    static string Listed(IReadOnlyList<string> labels) =>
        string.Join(", ", labels.Take(8)) + (labels.Count > 8 ? ", ..." : "");
}
