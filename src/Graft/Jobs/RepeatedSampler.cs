using Graft.Data;

namespace Graft;

/// <summary>Several passes as one epoch, each in an order of its own.</summary>
sealed class RepeatedSampler(ISampler once, int times) : ISampler
{
    public int Count => once.Count * times;

    public int[] Order(int epoch) => [.. Enumerable.Range(0, times).SelectMany(pass => once.Order(epoch * times + pass))];
}
