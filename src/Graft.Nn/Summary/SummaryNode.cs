using Graft.Torch;

namespace Graft.Nn;

/// <summary>A call of a module, or of a layer that a module computes by itself, while a summary is made.</summary>
sealed class SummaryNode(string path, string kind, long[]? kernelShape, long[] inputShape, bool isRepeated)
{
    readonly List<Parameter> own = [];
    SummaryNode? wrapped;

    internal string Path => path;

    internal bool IsRepeated => isRepeated;

    /// <summary>The calls that it made.</summary>
    internal List<SummaryNode> Children { get; private set; } = [];

    /// <summary>
    /// Whether it stands for one layer. As in torchinfo, what holds others does not, whether or not it ran them.
    /// </summary>
    internal bool IsLeaf { get; private set; } = true;

    internal int Depth { get; private set; }

    internal int Index { get; private set; }

    internal long[] OutputShape { get; set; } = [];

    internal long OutputBytes { get; set; }

    internal IReadOnlyList<Parameter> Own => own;

    /// <summary>Weights that the origin has here and the model leaves out; trained where the others here are.</summary>
    internal long Idle { private get; set; }

    internal long Parameters => Sum(parameter => parameter.Value.ElementCount) + AllIdle(trained: false);

    internal long Trainable =>
        Sum(parameter => parameter.RequiresGrad ? parameter.Value.ElementCount : 0) + AllIdle(trained: true);

    internal long OwnBytes => own.Sum(parameter => parameter.Value.ElementCount * parameter.Value.DType.Size());

    internal long MultAdds => IsLeaf ? own.Sum(MultAddsOf) : Children.Sum(child => child.MultAdds);

    internal void Add(Parameter parameter) => own.Add(parameter);

    /// <summary>
    /// Takes out the calls that the origin has no layers for: the hidden ones; and those at their parent's own path, whose parts
    /// and weights are the parent's. What only wraps a layer at its own path is that layer.
    /// </summary>
    internal void Tidy(Func<string, bool>? isHidden, Func<string, bool> holdsOthers)
    {
        List<SummaryNode> kept = [];
        bool hides = false;
        foreach (SummaryNode child in Children)
        {
            if (isHidden?.Invoke(child.Path) == true)
            {
                hides = true;
                continue;
            }
            child.Tidy(isHidden, holdsOthers);
            if (child.Path == path) kept.AddRange(child.Children);
            else kept.Add(child.wrapped ?? child);
        }
        wrapped = Children is [{ IsLeaf: true } only] && only.Path == path ? only : null;
        Children = kept;
        IsLeaf = kept.Count == 0 && !hides && !holdsOthers(path);
    }

    /// <summary>Gives it and all below their depths and numbers, and lists them.</summary>
    internal void Number(int depth, Dictionary<int, int> counts, List<SummaryNode> into)
    {
        Depth = depth;
        Index = counts[depth] = counts.GetValueOrDefault(depth) + 1;
        into.Add(this);
        foreach (SummaryNode child in Children) child.Number(depth + 1, counts, into);
    }

    internal LayerSummary ToLayer() => new()
    {
        Path = Path,
        Kind = kind,
        Depth = Depth,
        Index = Index,
        IsLeaf = IsLeaf,
        IsRepeated = isRepeated,
        InputShape = inputShape,
        OutputShape = OutputShape,
        KernelShape = kernelShape,
        Parameters = Parameters,
        TrainableParameters = Trainable,
        OwnParameters = own.Sum(parameter => parameter.Value.ElementCount) + Idle,
        MultAdds = MultAdds,
    };

    /// <summary>Over its own parameters and its children's, each parameter once.</summary>
    long Sum(Func<Parameter, long> number)
    {
        HashSet<Parameter> all = [];
        Collect(all);
        return all.Sum(number);
    }

    long AllIdle(bool trained) =>
        (trained && !own.Exists(parameter => parameter.RequiresGrad) ? 0 : Idle) + Children.Sum(child => child.AllIdle(trained));

    void Collect(HashSet<Parameter> into)
    {
        into.UnionWith(own);
        foreach (SummaryNode child in Children) child.Collect(into);
    }

    long MultAddsOf(Parameter parameter)
    {
        string name = path.Length == 0 ? parameter.Name : parameter.Name[(path.Length + 1)..];
        long count = parameter.Value.ElementCount, samples = OutputShape.Length > 0 ? OutputShape[0] : 1;
        if (name is "weight" or "bias")
            return count * samples * (kind.Contains("Conv") ? Product(OutputShape.Skip(2)) : 1);
        return name.Contains("weight") || name.Contains("bias") ? count * Product(OutputShape.Take(2)) : 0;
    }

    static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
