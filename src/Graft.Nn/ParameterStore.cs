using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// All parameters and modules of one model, by their paths, in the order of their making. The model owns its store; disposing it
/// frees every parameter.
/// </summary>
public sealed class ParameterStore : IDisposable
{
    readonly List<Parameter> parameters = [];
    readonly Dictionary<string, Parameter> byName = new(StringComparer.Ordinal);
    readonly List<Module> modules = [];
    long reserved;

    /// <summary>An empty store whose parameters are made on that device.</summary>
    public ParameterStore(Device device = default) => Device = device;

    /// <summary>Where parameters live.</summary>
    public Device Device { get; private set; }

    /// <summary>
    /// How many numbers all parameters that are yet to be made may have; one that would have more is refused before memory is
    /// taken.
    /// </summary>
    /// <value>null: any number</value>
    public long? MaxElements { get; set; }

    /// <summary>All parameters and buffers.</summary>
    public IReadOnlyList<Parameter> All => parameters;

    /// <summary>Those that can be trained (whether or not they are frozen now).</summary>
    public IEnumerable<Parameter> Weights => parameters.Where(parameter => !parameter.IsBuffer);

    /// <summary>Those that are trained now: what an optimiser should get.</summary>
    public IEnumerable<Parameter> Trainable => parameters.Where(parameter => !parameter.IsBuffer && parameter.RequiresGrad);

    /// <summary>All modules, children before their parents.</summary>
    public IReadOnlyList<Module> Modules => modules;

    /// <summary>The parameter of that path, or null.</summary>
    public Parameter? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>How many numbers the weights at or below a path have; buffers do not count.</summary>
    public long CountWeights(string prefix = "") => Count(Weights, prefix);

    /// <summary>How many of these numbers are trained now.</summary>
    public long CountTrainable(string prefix = "") => Count(Trainable, prefix);

    /// <summary>Freezes (false) or frees (true) every weight at or below a path.</summary>
    public void SetTrainable(string prefix, bool trainable)
    {
        foreach (Parameter parameter in parameters)
            if (!parameter.IsBuffer && ModulePath.IsWithin(parameter.Name, prefix)) parameter.RequiresGrad = trainable;
    }

    /// <summary>Sets training or evaluation mode for every module at or below a path.</summary>
    public void SetMode(string prefix, bool training)
    {
        foreach (Module module in modules)
            if (ModulePath.IsWithin(module.Path.Name, prefix)) module.IsTraining = training;
    }

    /// <summary>Draws new starting values for every module at or below a path, each keyed by seed and path.</summary>
    public void Reset(string prefix, ulong seed)
    {
        using GradMode mode = Autograd.NoGrad();
        foreach (Module module in modules)
            if (ModulePath.IsWithin(module.Path.Name, prefix)) module.ResetParameters(new Initializer(seed, module.Path.Name));
    }

    /// <summary>Moves every parameter to a device; gradients are dropped.</summary>
    public void MoveTo(Device device)
    {
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in parameters)
            if (parameter.Value.Device != device) parameter.Replace(parameter.Value.To(device));
        Device = device;
    }

    /// <summary>Lays out every four-dimensional weight in that memory format.</summary>
    public void SetMemoryFormat(MemoryFormat format)
    {
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in parameters)
            if (parameter.Value.Rank == 4 && !parameter.Value.IsContiguous(format))
                parameter.Replace(parameter.Value.Contiguous(format));
    }

    /// <summary>Takes everything at or below a path out and frees it, so that another module can be built there.</summary>
    public void Remove(string prefix)
    {
        foreach (Parameter parameter in parameters.Where(parameter => ModulePath.IsWithin(parameter.Name, prefix)).ToArray())
        {
            parameters.Remove(parameter);
            byName.Remove(parameter.Name);
            parameter.Free();
        }
        modules.RemoveAll(module => ModulePath.IsWithin(module.Path.Name, prefix));
    }

    /// <summary>Frees every parameter.</summary>
    public void Dispose()
    {
        foreach (Parameter parameter in parameters) parameter.Free();
        parameters.Clear();
        byName.Clear();
        modules.Clear();
    }

    static long Count(IEnumerable<Parameter> parameters, string prefix) =>
        parameters.Where(parameter => ModulePath.IsWithin(parameter.Name, prefix)).Sum(parameter => parameter.Value.ElementCount);

    /// <summary>Counts a parameter that is about to be made.</summary>
    internal void Reserve(string name, long[] shape)
    {
        if (MaxElements is not { } most) return;
        Int128 count = 1;
        foreach (long size in shape)
            if (count <= most) count *= Math.Max(size, 0); // beyond it, how far does not matter
        if ((count += reserved) > most)
            throw new TooManyParametersException(
                $"{name} [{string.Join(", ", shape)}]: with it, the network would have more than {most} numbers");
        reserved = (long)count;
    }

    internal Parameter Add(string name, Tensor value, bool isBuffer)
    {
        var parameter = new Parameter(name, value, isBuffer);
        if (!byName.TryAdd(name, parameter)) throw new InvalidOperationException($"two parameters are named {name}");
        parameters.Add(parameter);
        return parameter;
    }

    internal void Add(Module module) => modules.Add(module);
}
