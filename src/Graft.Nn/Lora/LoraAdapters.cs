using System.Text.RegularExpressions;

namespace Graft.Nn;

/// <summary>
/// The low-rank adapters of a model: made beside its layers, trained in their place, and in the end added into their weights, so
/// that an ordinary model is left. Hu et al. 2021, arXiv:2106.09685.
/// </summary>
public sealed class LoraAdapters
{
    readonly ParameterStore store;
    readonly IReadOnlyList<string> heads;
    readonly List<LoraAdapter> adapters = [];

    /// <summary>Puts adapters beside the layers of a model. It computes what it did before, until they are trained.</summary>
    /// <param name="store">the model's parameters and modules</param>
    /// <param name="options">which</param>
    /// <param name="heads">where its head stands, which is trained as a whole and gets none</param>
    /// <param name="seed">decides their first values, with their paths</param>
    /// <exception cref="ArgumentException">No layer is meant by the targets, or the rank is out of its range.</exception>
    public LoraAdapters(ParameterStore store, LoraOptions options, IReadOnlyList<string> heads, ulong seed)
    {
        if (options.Rank < 1)
            throw new ArgumentException($"LoRA: expected a rank of at least 1, came {options.Rank}.", nameof(options));
        this.store = store;
        this.heads = heads;
        IAdaptable[] all = [.. store.Modules.OfType<IAdaptable>()
            .Where(layer => layer.AdaptableWeight is not null && !IsHead(layer.WeightPath.Name))];
        IAdaptable[] chosen = options.Targets.Count > 0 ? Matching(all, options.Targets)
            : Matching(all, ["attn.qkv", "attn.proj"]) is { Length: > 0 } attention ? attention : all;
        if (chosen.Length == 0)
            throw new ArgumentException(
                $"LoRA: expected linear layers or 1x1 convolutions named {string.Join(", ", options.Targets)}, " +
                "found none. " +
                (all.Length == 0 ? "The model has none at all." : $"There are, say, {Examples(all)}."), nameof(options));
        foreach (IAdaptable layer in chosen)
        {
            if (layer.Adapter is not null)
                throw new ArgumentException($"LoRA: {layer.WeightPath} has an adapter already: merge it first.", nameof(store));
            layer.Adapter = new LoraAdapter(layer, options);
            adapters.Add(layer.Adapter);
        }
        foreach (LoraAdapter adapter in adapters) store.Reset(adapter.Path.Name, seed);
    }

    /// <summary>The adapters, in the order of the layers' making.</summary>
    public IReadOnlyList<LoraAdapter> All => adapters;

    /// <summary>How many numbers they have.</summary>
    public long Elements => adapters.Sum(adapter => store.CountWeights(adapter.Path.Name));

    /// <summary>Freezes every weight but those of the adapters and the head.</summary>
    public void FreezeRest()
    {
        store.SetTrainable("", trainable: false);
        foreach (string path in heads) store.SetTrainable(path, trainable: true);
        foreach (LoraAdapter adapter in adapters) store.SetTrainable(adapter.Path.Name, trainable: true);
    }

    /// <summary>Adds the adapters into the weights beside them, and takes them out of the model.</summary>
    public void Merge()
    {
        foreach (LoraAdapter adapter in adapters) adapter.Merge();
        Remove();
    }

    /// <summary>Takes the adapters out of the model, which is then as it was before.</summary>
    public void Remove()
    {
        foreach (LoraAdapter adapter in adapters) adapter.Detach();
        adapters.Clear();
    }

    bool IsHead(string path) => heads.Any(head => ModulePath.IsWithin(path, head));

    static IAdaptable[] Matching(IAdaptable[] layers, IReadOnlyList<string> patterns)
    {
        Regex[] expressions = [.. patterns.Select(pattern => new Regex(
            pattern.Contains('*') ? $"^{Regex.Escape(pattern).Replace("\\*", ".*")}$" : $@"(^|\.){Regex.Escape(pattern)}$",
            RegexOptions.CultureInvariant))];
        return [.. layers.Where(layer => expressions.Any(expression => expression.IsMatch(layer.WeightPath.Name)))];
    }

    static string Examples(IAdaptable[] layers) =>
        string.Join(", ", layers.Take(2).Append(layers[^1]).Select(layer => layer.WeightPath.Name).Distinct());
}
