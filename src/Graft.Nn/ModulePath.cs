using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Where a module stands in its model: the path under which its weights are saved. It is written where a layer is built,
/// <c>new Conv2d(at / "stem.0", 3, 96, kernel: 4, stride: 4)</c>, so the names of the weights can be read in the code.
/// </summary>
public readonly record struct ModulePath
{
    ModulePath(ParameterStore store, string name) => (Store, Name) = (store, name);

    /// <summary>The model's parameters.</summary>
    public ParameterStore Store { get; }

    /// <summary>The path with dots, such as <c>stages.0.blocks.1</c>; empty for the root.</summary>
    public string Name { get; }

    /// <summary>The root of a new model.</summary>
    public static ModulePath Root(ParameterStore store) => new(store, "");

    /// <summary>A path below this one; the name may have dots itself.</summary>
    public static ModulePath operator /(ModulePath at, string name) =>
        new(at.Store, at.Name.Length == 0 ? name : $"{at.Name}.{name}");

    /// <summary>A numbered path below this one.</summary>
    public static ModulePath operator /(ModulePath at, int index) => at / index.ToString();

    /// <summary>A new weight of that shape at this path, its values yet to be set.</summary>
    public Parameter Weight(string name, params long[] shape) => New(name, shape, DType.Float32, isBuffer: false);

    /// <summary>A new buffer of that shape at this path, its values yet to be set.</summary>
    public Parameter Buffer(string name, long[] shape, DType dtype = DType.Float32) => New(name, shape, dtype, isBuffer: true);

    /// <summary>A weight or buffer at this path whose tensor exists already; the store owns that handle from now on.</summary>
    public Parameter Existing(string name, Tensor value, bool isBuffer) => Store.Add((this / name).Name, value, isBuffer);

    /// <summary>Whether a name is that prefix or stands below it; everything stands below the empty one.</summary>
    public static bool IsWithin(string name, string prefix) =>
        prefix.Length == 0 ||
        (name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || name[prefix.Length] == '.'));

    Parameter New(string name, long[] shape, DType dtype, bool isBuffer)
    {
        string path = (this / name).Name;
        Store.Reserve(path, shape);
        return Store.Add(path, Tensor.Empty(shape, dtype, Store.Device), isBuffer);
    }

    /// <summary>The path with dots.</summary>
    public override string ToString() => Name;
}
