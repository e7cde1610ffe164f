using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Independent draws. What a trial gets depends on the seed and its number alone, so it doesn't matter which agent asks, or when.
/// </summary>
/// <param name="space">what is searched</param>
/// <param name="seed">another seed gives other trials</param>
public sealed class RandomSampler(SearchSpace space, ulong seed) : ISweepSampler
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SweepValue> Suggest(int number, IReadOnlyCollection<SweepTrial> trials)
    {
        SampleRandom random = new(seed, 0, (ulong)number);
        Dictionary<string, SweepValue> values = [];
        foreach (SweepParameter parameter in space.Searched) values[parameter.Name] = parameter.Quantile(random.NextDouble());
        return space.Values(values);
    }
}
