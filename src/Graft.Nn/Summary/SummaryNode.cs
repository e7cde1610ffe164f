using Graft.Torch;

namespace Graft.Nn;

/// <summary>A call of a module while a summary is made.</summary>
sealed class SummaryNode(Module module, int depth, int index, bool isRepeated)
{
    readonly List<SummaryNode> children = [];
    readonly List<Parameter> own = [];

    internal string Path => module.Path.Name;

    internal int Depth => depth;

    internal bool IsRepeated => isRepeated;

    internal bool IsLeaf => children.Count == 0;

    internal long[] InputShape { get; set; } = [];

    internal long[] OutputShape { get; set; } = [];

    internal long OutputBytes { get; set; }

    internal long Parameters => Sum(parameter => parameter.Value.ElementCount);

    internal long Trainable => Sum(parameter => parameter.RequiresGrad ? parameter.Value.ElementCount : 0);

    internal long ParameterBytes => Sum(parameter => parameter.Value.ElementCount * parameter.Value.DType.Size());

    internal long MultAdds => IsLeaf ? own.Sum(MultAddsOf) : children.Sum(child => child.MultAdds);

    internal void Add(SummaryNode child) => children.Add(child);

    internal void Add(Parameter parameter) => own.Add(parameter);

    internal LayerSummary ToLayer() => new()
    {
        Path = Path,
        Kind = module.Kind,
        Depth = depth,
        Index = index,
        IsLeaf = IsLeaf,
        IsRepeated = isRepeated,
        InputShape = InputShape,
        OutputShape = OutputShape,
        KernelShape = module.KernelShape,
        Parameters = Parameters,
        TrainableParameters = Trainable,
        OwnParameters = own.Sum(parameter => parameter.Value.ElementCount),
        MultAdds = MultAdds,
    };

    /// <summary>Over its own parameters and its children's, each parameter once.</summary>
    long Sum(Func<Parameter, long> number)
    {
        HashSet<Parameter> all = [];
        Collect(all);
        return all.Sum(number);
    }

    void Collect(HashSet<Parameter> into)
    {
        into.UnionWith(own);
        foreach (SummaryNode child in children) child.Collect(into);
    }

    long MultAddsOf(Parameter parameter)
    {
        string name = parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..];
        long count = parameter.Value.ElementCount, samples = OutputShape.Length > 0 ? OutputShape[0] : 1;
        if (module.Kind.Contains("Conv")) return count * samples * Product(OutputShape.Skip(2));
        if (name is "weight" or "bias") return count * samples;
        return name.Contains("weight") || name.Contains("bias") ? count * Product(OutputShape.Take(2)) : 0;
    }

    static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
