using Graft.Nn;

namespace Graft.Models;

/// <summary>
/// The trained parameters of a model in the groups that an optimiser wants: each with the rate of its layers, and those apart
/// that are not decayed, which are vectors (biases, norms, layer scales) and what the origin exempts (tokens, positions, biases
/// of relative positions).
/// </summary>
/// <param name="model">whose parameters; those that are frozen are left out</param>
/// <param name="weightDecay">what is decayed, is decayed by this</param>
public sealed class ParameterGrouping(ImageModel model, double weightDecay)
{
    /// <summary>All at one rate.</summary>
    public IReadOnlyList<ParameterGroup> AtOneRate(double rate) => ByLayerGroups(rate, spread: 1);

    /// <summary>
    /// Layer group by layer group, the deepest first, the head last: the rates rise in equal ratios to that of the head, as with
    /// fastai's <c>slice</c>. Groups that are frozen as a whole don't count.
    /// </summary>
    /// <param name="rate">the head's rate</param>
    /// <param name="spread">how many times slower the deepest group learns, at least 1</param>
    public IReadOnlyList<ParameterGroup> ByLayerGroups(double rate, double spread)
    {
        List<Parameter> left = [.. model.Parameters.Trainable];
        List<(string Name, Parameter[] Members)> parts = [];
        foreach (LayerGroup group in model.LayerGroups.SkipLast(model.Head is null ? 0 : 1))
        {
            Parameter[] members = [.. left.Where(parameter => group.Contains(parameter.Name))];
            left.RemoveAll(members.Contains);
            if (members.Length > 0) parts.Add((group.Name, members));
        }
        parts.Add(("head", [.. left]));
        double[] rates = DiscriminativeRates.Spread(rate / spread, rate, parts.Count);
        return [.. parts.SelectMany((part, i) => Split(part.Name, part.Members, rates[i]))];
    }

    /// <summary>
    /// Depth by depth (see <see cref="LayerDepths"/>): each at the rate of the one above it times the decay, the head at the full
    /// rate. Bao et al. 2021 (BEiT), arXiv:2106.08254; as timm's <c>param_groups_layer_decay</c>.
    /// </summary>
    /// <param name="rate">the head's rate</param>
    /// <param name="layerDecay">in (0, 1]; ConvNeXt was fine-tuned with 0.7 to 0.8</param>
    public IReadOnlyList<ParameterGroup> ByDepth(double rate, double layerDecay)
    {
        var depths = new LayerDepths(model);
        return [.. model.Parameters.Trainable.GroupBy(parameter => depths[parameter.Name]).OrderBy(part => part.Key)
            .SelectMany(part => Split(
                part.Key == depths.Count - 1 && model.Head is not null ? "head" : $"depth {part.Key}",
                [.. part], rate * Math.Pow(layerDecay, depths.Count - 1 - part.Key)))];
    }

    /// <summary>Whether a parameter is decayed: it is no vector, and its origin does not exempt it.</summary>
    public bool IsDecayed(Parameter parameter)
    {
        if (parameter.Shape.Length <= 1) return false;
        string[] path = parameter.Name.Split('.');
        return !model.Backbone.UndecayedNames.Any(path.Contains);
    }

    IEnumerable<ParameterGroup> Split(string name, Parameter[] members, double rate)
    {
        Parameter[] decayed = [.. members.Where(IsDecayed)], others = [.. members.Except(decayed)];
        if (decayed.Length > 0) yield return new ParameterGroup(name, decayed, rate, weightDecay);
        if (others.Length > 0) yield return new ParameterGroup($"{name} without decay", others, rate);
    }
}
