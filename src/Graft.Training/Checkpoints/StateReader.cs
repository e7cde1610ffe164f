using System.Globalization;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Gives back what a <see cref="StateWriter"/> collected.</summary>
public sealed class StateReader
{
    readonly string prefix;
    readonly IReadOnlyDictionary<string, Func<Tensor>> tensors;
    readonly IReadOnlyDictionary<string, string> values;

    /// <summary>A reader of what a writer has: for copies in memory.</summary>
    public StateReader(StateWriter written) : this(
        written.Tensors.ToDictionary(
            item => item.Name, item => (Func<Tensor>)(() => item.Value.Clone()), StringComparer.Ordinal), written.Values)
    { }

    internal StateReader(
        IReadOnlyDictionary<string, Func<Tensor>> tensors, IReadOnlyDictionary<string, string> values, string prefix = "") =>
        (this.tensors, this.values, this.prefix) = (tensors, values, prefix);

    /// <summary>The same reader for names below a key.</summary>
    public StateReader Under(string key) => new(tensors, values, $"{prefix}{key}/");

    /// <summary>Whether there is anything below a key.</summary>
    public bool HasPart(string key) =>
        values.Keys.Concat(tensors.Keys).Any(name => name.StartsWith($"{prefix}{key}/", StringComparison.Ordinal));

    /// <summary>Gives something its part.</summary>
    /// <exception cref="InvalidDataException">There is no such part, or it is of something else.</exception>
    public void Read(IStateful part) => part.Load(Under(part.Key));

    /// <summary>Whether there is a tensor or a value of that name.</summary>
    public bool Has(string name) => tensors.ContainsKey(prefix + name) || values.ContainsKey(prefix + name);

    /// <summary>The names of all tensors here.</summary>
    public IEnumerable<string> TensorNames => Below(tensors.Keys);

    /// <summary>The names of everything else here.</summary>
    public IEnumerable<string> ValueNames => Below(values.Keys);

    /// <summary>A tensor, new, on the CPU; the caller's, or its scope's.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public Tensor Tensor(string name) =>
        tensors.TryGetValue(prefix + name, out Func<Tensor>? read) ? read() : throw Missing(name);

    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public double Double(string name) => Parse(name, text => double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>A whole number.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public long Long(string name) => Parse(name, text => long.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>A truth value.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public bool Bool(string name) => Parse(name, bool.Parse);

    /// <summary>A text.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public string Text(string name) => Parse(name, text => text);

    T Parse<T>(string name, Func<string, T> parse)
    {
        if (!values.TryGetValue(prefix + name, out string? text)) throw Missing(name);
        try
        {
            return parse(text);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new InvalidDataException($"checkpoint: {prefix}{name}: expected another kind of value, found '{text}'.", error);
        }
    }

    IEnumerable<string> Below(IEnumerable<string> names) =>
        names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    InvalidDataException Missing(string name) =>
        new($"checkpoint: expected {prefix}{name}, found none. It is of another training.");
}
