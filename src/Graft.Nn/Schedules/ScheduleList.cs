using System.Globalization;

namespace Graft.Nn;

/// <summary>
/// Every schedule that can be chosen by name, as <c>NAME</c> or <c>NAME:parameter=number,...</c>, such as
/// <c>step:every=3,gamma=0.5</c>; a parameter of several numbers joins them by slashes, <c>multistep:at=3/6</c>.
/// </summary>
public static class ScheduleList
{
    static readonly ScheduleParameter end = new("end", 0, "where it ends, as a factor on the rate");
    static readonly ScheduleParameter gamma = new("gamma", 0.1, "the factor");

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<ScheduleEntry> All { get; } =
    [
        new("onecycle", "a cosine up to the rate, then one down to almost nothing, with the momentum against it, as fastai's", [
            new("rise", 0.25, "the share of training before the turn (0.3 in fine-tuning)"),
            new("div", 25, "the rate starts at its height divided by this (5 in fine-tuning)"),
            new("final", 1e5, "and ends at its height divided by this"),
        ])
        { Build = (with, _) => OneCycleSchedule.Rate(with["div"], with["final"], with["rise"]) },
        new("cosine", "half a cosine down, as timm's and PyTorch's; with a cycle, restarts", [
            end,
            new("cycle", 0, "epochs of the first of several half waves; 0: one over all epochs"),
            new("growth", 1, "how many times longer each is than the one before"),
        ])
        {
            Build = (with, epochs) => with["cycle"] > 0
                ? new CosineRestartsSchedule(Math.Min(1, with["cycle"] / epochs), with["growth"], 1, with["end"])
                : new CosineSchedule(1, with["end"]),
        },
        new("linear", "a straight line down, as Hugging Face's", [end])
        { Build = (with, _) => new LinearSchedule(1, with["end"]) },
        new("poly", "(1 - progress) ^ power, as DeepLab's", [new("power", 0.9, "the power")])
        { Build = (with, _) => new PolynomialSchedule(with["power"]) },
        new("step", "times gamma after every so many epochs, as PyTorch's StepLR", [
            new("every", double.NaN, "epochs (by default a third of them)"), gamma,
        ])
        {
            Build = (with, epochs) =>
                Falling(Multiples(with.Has("every") ? with["every"] : epochs / 3, epochs), epochs, with["gamma"]),
        },
        new("multistep", "times gamma after these epochs, as PyTorch's MultiStepLR", [
            new("at", double.NaN, "epochs, joined by slashes (by default a half and three quarters of them)"), gamma,
        ])
        {
            Build = (with, epochs) =>
                Falling(with.Has("at") ? with.All("at") : [epochs / 2, epochs * 3 / 4], epochs, with["gamma"]),
        },
        new("exponential", "times gamma from epoch to epoch, in steps of equal ratio", [gamma with { Default = 0.9 }])
        { Build = (with, epochs) => new ExponentialSchedule(1, Math.Pow(with["gamma"], epochs)) },
        new("plateau", "times factor when the monitored measure has not improved, as PyTorch's ReduceLROnPlateau", [
            new("factor", 0.1, "the factor"),
            new("patience", 2, "epochs without an improvement that are let pass (PyTorch: 10)"),
            new("threshold", 1e-4, "the least improvement, as a share of the best measure"),
            new("cooldown", 0, "epochs after a lowering in which none counts"),
            new("least", 0, "the least factor"),
        ])
        {
            Build = (with, _) => new PlateauSchedule
            {
                Factor = with["factor"],
                Patience = (int)with["patience"],
                Threshold = with["threshold"],
                Cooldown = (int)with["cooldown"],
                Least = with["least"],
            },
        },
        new("constant", "the rate as it is", []) { Build = (_, _) => new ConstantSchedule() },
    ];

    /// <summary>The names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>Reads a choice.</summary>
    /// <exception cref="ArgumentException">There is no such schedule or parameter, or a number can't be read.</exception>
    public static ScheduleChoice Parse(string text)
    {
        int colon = text.IndexOf(':');
        string name = colon < 0 ? text : text[..colon];
        ScheduleEntry entry = All.FirstOrDefault(entry => entry.Name == name)
            ?? throw new ArgumentException($"schedule: expected one of {string.Join(", ", Names)}, came '{name}'.", nameof(text));
        Dictionary<string, double[]> given = new(StringComparer.Ordinal);
        foreach (string part in colon < 0 ? [] : text[(colon + 1)..].Split(','))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || !entry.Parameters.Any(parameter => parameter.Name == sides[0]) ||
                Numbers(sides[1]) is not { } values || (values.Length > 1 && sides[0] != "at"))
                throw new ArgumentException(Expected(entry, part), nameof(text));
            if (!given.TryAdd(sides[0], values))
                throw new ArgumentException(
                    $"schedule {name}: expected each parameter once, came {sides[0]} again.", nameof(text));
        }
        var choice = new ScheduleChoice(entry, given);
        Check(choice);
        return choice;
    }

    static void Check(ScheduleChoice with)
    {
        foreach (ScheduleParameter parameter in with.Entry.Parameters)
        {
            double[] values = [.. with.All(parameter.Name)];
            (bool holds, string range) = parameter.Name switch
            {
                "rise" => (values.All(value => value is > 0 and < 1), "between 0 and 1"),
                "factor" or "gamma" => (values.All(value => value is > 0 and < 1), "between 0 and 1"),
                "end" or "least" or "threshold" => (values.All(value => value is >= 0 and <= 1), "from 0 to 1"),
                "patience" or "cooldown" =>
                    (values.All(value => value >= 0 && value == Math.Floor(value)), "a whole number of at least 0"),
                "cycle" => (values.All(value => value >= 0), "at least 0"),
                "growth" => (values.All(value => value >= 1), "at least 1"),
                _ => (values.All(value => value > 0), "above 0"),
            };
            if (!holds)
                throw new ArgumentException(FormattableString.Invariant(
                    $"schedule {with.Entry.Name}: {parameter.Name}: expected {range}, came {string.Join('/', values)}."));
        }
    }

    static string Expected(ScheduleEntry entry, string came) => entry.Parameters.Count == 0
        ? $"schedule {entry.Name}: expected nothing after the name, came '{came}'."
        : $"schedule {entry.Name}: expected {string.Join(" or ", entry.Parameters.Select(one => one.Name))} " +
          $"with a number, such as {entry.Parameters[0].Name}=0.5; came '{came}'.";

    static double[]? Numbers(string text)
    {
        List<double> numbers = [];
        foreach (string word in text.Split('/'))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ||
                !double.IsFinite(number)) return null;
            numbers.Add(number);
        }
        return [.. numbers];
    }

    static IEnumerable<double> Multiples(double period, double end)
    {
        for (int i = 1; i * period < end; i++) yield return i * period;
    }

    static StepSchedule Falling(IEnumerable<double> epochs, double all, double gamma) =>
        new([.. epochs.Select(epoch => epoch / all)], gamma);
}
