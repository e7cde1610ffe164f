using System.Globalization;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Collects the numbers, texts and tensors of a checkpoint by name.</summary>
public sealed class StateWriter
{
    readonly string prefix;
    readonly List<(string Name, Tensor Value)> tensors;
    readonly SortedDictionary<string, string> values;

    /// <summary>A writer that has nothing yet.</summary>
    public StateWriter() : this("", [], new SortedDictionary<string, string>(StringComparer.Ordinal)) { }

    StateWriter(string prefix, List<(string Name, Tensor Value)> tensors, SortedDictionary<string, string> values) =>
        (this.prefix, this.tensors, this.values) = (prefix, tensors, values);

    /// <summary>The tensors so far, by their full names.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors => tensors;

    /// <summary>Everything else so far, as text, by its full name.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The same writer for names below a key.</summary>
    public StateWriter Under(string key) => new($"{prefix}{key}/", tensors, values);

    /// <summary>Adds the part of something.</summary>
    public void Write(IStateful part) => part.Save(Under(part.Key));

    /// <summary>Adds a tensor, which is not copied: it must stay as it is until the checkpoint is on disk.</summary>
    public void Write(string name, Tensor value) => tensors.Add((prefix + name, value));

    /// <summary>Adds a number, exactly.</summary>
    public void Write(string name, double value) => values.Add(prefix + name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a whole number.</summary>
    public void Write(string name, long value) => values.Add(prefix + name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a truth value.</summary>
    public void Write(string name, bool value) => values.Add(prefix + name, value ? "true" : "false");

    /// <summary>Adds a text.</summary>
    public void Write(string name, string value) => values.Add(prefix + name, value);
}
