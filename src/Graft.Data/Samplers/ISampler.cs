namespace Graft.Data;

/// <summary>
/// The order in which an epoch goes through a data set. A function of the epoch alone, so that a resumed run goes on as it was.
/// </summary>
public interface ISampler
{
    /// <summary>How many samples an epoch has.</summary>
    int Count { get; }

    /// <summary>The places in the data set, in the order of that epoch.</summary>
    int[] Order(int epoch);
}
