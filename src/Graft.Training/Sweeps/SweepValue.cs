using System.Globalization;
using System.Text.Json;

namespace Graft.Training;

/// <summary>
/// A parameter's value in one trial. Equal where kind and text are: 3 and 3.0 are the same number, "3" is a text.
/// </summary>
public readonly record struct SweepValue
{
    readonly string? text;

    SweepValue(SweepValueKind kind, string text)
    {
        Kind = kind;
        this.text = text;
    }

    /// <summary>What it is.</summary>
    public SweepValueKind Kind { get; }

    /// <summary>Nothing.</summary>
    public static SweepValue Null { get; }

    /// <summary>A number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static SweepValue Of(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "expected a finite number");
        if (value == 0) value = 0; // not -0
        return new(SweepValueKind.Number, value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'));
    }

    /// <summary>True or false.</summary>
    public static SweepValue Of(bool value) => new(SweepValueKind.Boolean, value ? "true" : "false");

    /// <summary>A text.</summary>
    public static SweepValue Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(SweepValueKind.Text, value);
    }

    /// <summary>A value of JSON; lists and mappings are kept as they are written.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static SweepValue Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => Null,
        JsonValueKind.True or JsonValueKind.False => Of(json.GetBoolean()),
        JsonValueKind.Number => Of(json.GetDouble()),
        JsonValueKind.String => Of(json.GetString()!),
        JsonValueKind.Array or JsonValueKind.Object => new(SweepValueKind.Structure, json.GetRawText()),
        _ => throw new ArgumentException("expected a value of JSON, came nothing"),
    };

    /// <summary>The number; null where it is none.</summary>
    public double? Number => Kind == SweepValueKind.Number ? double.Parse(text!, CultureInfo.InvariantCulture) : null;

    /// <summary>As JSON.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Kind == SweepValueKind.Text) json.WriteStringValue(text);
        else json.WriteRawValue(ToString());
    }

    /// <summary>As a command line gives it: <c>0.001</c>, <c>true</c>, <c>adamw</c>, <c>[1,2]</c>, <c>null</c>.</summary>
    public override string ToString() => text ?? "null";
}
