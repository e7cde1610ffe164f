namespace Graft.Models;

/// <summary>Where the tokens of a transformer come from in an image, and how they become features.</summary>
/// <param name="Prefix">tokens before those of the patches</param>
/// <param name="Rows">rows of patches</param>
/// <param name="Columns">columns of patches</param>
/// <param name="Asked">the share that the pool takes of each token, <c>[P + T]</c>, adding up to 1</param>
/// <param name="PoolAttendsFrom">
/// where an attention pools: the first token that it sees, and its weights take the place of <paramref name="Asked"/>
/// </param>
sealed record TokenLayout(int Prefix, int Rows, int Columns, float[] Asked, int? PoolAttendsFrom)
{
    /// <summary>Whether every patch's token goes into the features in the same way.</summary>
    public bool PoolsEvenly => PoolAttendsFrom is null && Asked[^1] > 0;
}
