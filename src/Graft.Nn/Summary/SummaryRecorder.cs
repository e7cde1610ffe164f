using Graft.Torch;

namespace Graft.Nn;

/// <summary>Watches one run of a model, and then makes its tree: who holds which weights, who counts.</summary>
sealed class SummaryRecorder : IModuleObserver
{
    readonly Stack<SummaryNode> open = [];
    readonly Dictionary<object, SummaryNode> first = [];
    readonly List<(SummaryNode Repeated, SummaryNode First)> repeated = [];
    SummaryNode? root;

    /// <inheritdoc/>
    public void OnEntering(Module module, Tensor input) =>
        open.Push(Begin(module, module.Path.Name, module.Kind, module.KernelShape, input));

    /// <inheritdoc/>
    public void OnLeaving(Module module, Tensor input, Tensor output) => End(open.Pop(), output);

    /// <inheritdoc/>
    public void OnPart(Module module, string name, string kind, Tensor input, Tensor output)
    {
        string path = (module.Path / name).Name;
        End(Begin((module, name), path, kind, kernelShape: null, input), output);
    }

    /// <summary>Runs what is to be the root of the tree without being a module.</summary>
    internal void Run(string kind, Func<Tensor, Tensor> run, Tensor input)
    {
        open.Push(Begin(this, path: "", kind, kernelShape: null, input));
        Tensor output = run(input);
        End(open.Pop(), output);
    }

    /// <summary>The calls, each before those that it made, with their weights.</summary>
    internal IReadOnlyList<SummaryNode> Finish(ParameterStore store, SummaryOptions options)
    {
        SummaryNode top = root ?? throw new InvalidOperationException("no module has run");
        string[] paths = [.. store.Modules.Select(module => module.Path.Name)];
        top.Tidy(options.IsHidden, path => paths.Any(other => other.Length > path.Length && ModulePath.IsWithin(other, path)));
        List<SummaryNode> nodes = [];
        top.Number(0, [], nodes);
        Assign(nodes, store, options.IdleParameters);
        return nodes;
    }

    SummaryNode Begin(object identity, string path, string kind, long[]? kernelShape, Tensor input)
    {
        var node = new SummaryNode(path, kind, kernelShape, input.Shape, first.ContainsKey(identity));
        if (!first.TryAdd(identity, node)) repeated.Add((node, first[identity]));
        if (open.TryPeek(out SummaryNode? parent)) parent.Children.Add(node);
        root ??= node;
        return node;
    }

    static void End(SummaryNode node, Tensor output)
    {
        node.OutputShape = output.Shape;
        node.OutputBytes = output.ElementCount * output.DType.Size();
    }

    /// <summary>Gives each weight to the call of the module that it stands in: the longest path that leads to it.</summary>
    void Assign(List<SummaryNode> nodes, ParameterStore store, IReadOnlyDictionary<string, long> idle)
    {
        Dictionary<string, SummaryNode> owners = [];
        foreach (SummaryNode node in nodes)
            if (!node.IsRepeated) owners.TryAdd(node.Path, node);
        foreach (Parameter parameter in store.Weights)
            if (ModulePath.IsWithin(parameter.Name, nodes[0].Path)) OwnerOf(ParentOf(parameter.Name)).Add(parameter);
        foreach ((string path, long count) in idle) OwnerOf(path).Idle = count;
        foreach ((SummaryNode again, SummaryNode before) in repeated)
            foreach (Parameter parameter in before.Own) again.Add(parameter);

        SummaryNode OwnerOf(string path)
        {
            SummaryNode? owner;
            while (!owners.TryGetValue(path, out owner) && path.Length > 0) path = ParentOf(path);
            return owner ?? nodes[0];
        }
    }

    static string ParentOf(string path) => path.LastIndexOf('.') is var dot && dot < 0 ? "" : path[..dot];
}
