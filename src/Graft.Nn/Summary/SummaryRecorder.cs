using Graft.Torch;

namespace Graft.Nn;

/// <summary>Watches one run of a model, and then shares its parameters out among the calls.</summary>
sealed class SummaryRecorder : IModuleObserver
{
    readonly Stack<SummaryNode> open = [];
    readonly Dictionary<Module, SummaryNode> first = [];
    readonly Dictionary<int, int> counts = [];
    readonly List<(SummaryNode Repeated, SummaryNode First)> repeated = [];

    /// <summary>The calls in the order of their beginning.</summary>
    internal List<SummaryNode> Nodes { get; } = [];

    /// <inheritdoc/>
    public void OnEntering(Module module, Tensor input)
    {
        int index = counts[open.Count] = counts.GetValueOrDefault(open.Count) + 1;
        var node = new SummaryNode(module, open.Count, index, first.ContainsKey(module)) { InputShape = input.Shape };
        if (open.TryPeek(out SummaryNode? parent)) parent.Add(node);
        if (!first.TryAdd(module, node)) repeated.Add((node, first[module]));
        Nodes.Add(node);
        open.Push(node);
    }

    /// <inheritdoc/>
    public void OnLeaving(Module module, Tensor input, Tensor output)
    {
        SummaryNode node = open.Pop();
        node.OutputShape = output.Shape;
        node.OutputBytes = output.ElementCount * output.DType.Size();
    }

    /// <summary>
    /// Gives each weight to the call of the module that it stands in: the longest path that leads to it. Where a module and a
    /// part of it share a path, a part that is innermost takes what is directly there, and the outermost the rest.
    /// </summary>
    internal void Assign(ParameterStore store, string root)
    {
        Dictionary<string, SummaryNode> outermost = [], innermost = [];
        foreach (SummaryNode node in Nodes)
        {
            if (node.IsRepeated) continue;
            if (outermost.TryAdd(node.Path, node)) continue;
            if (node.IsLeaf) innermost.TryAdd(node.Path, node);
        }
        Dictionary<SummaryNode, List<Parameter>> given = [];
        foreach (Parameter parameter in store.Weights)
        {
            if (!ModulePath.IsWithin(parameter.Name, root)) continue;
            string path = ParentOf(parameter.Name);
            SummaryNode? owner = innermost.GetValueOrDefault(path);
            while (owner is null && !outermost.TryGetValue(path, out owner) && path.Length > 0) path = ParentOf(path);
            owner ??= Nodes[0];
            owner.Add(parameter);
            if (!given.TryGetValue(owner, out List<Parameter>? parameters)) given[owner] = parameters = [];
            parameters.Add(parameter);
        }
        foreach ((SummaryNode again, SummaryNode before) in repeated)
            foreach (Parameter parameter in given.GetValueOrDefault(before, [])) again.Add(parameter);
    }

    static string ParentOf(string path) => path.LastIndexOf('.') is var dot && dot < 0 ? "" : path[..dot];
}
