namespace Graft.Models;

/// <summary>How the last map, or the last tokens, become one vector.</summary>
public enum PoolKind
{
    /// <summary>As the architecture's origin does.</summary>
    Own,

    /// <summary>The mean of each channel over the map, or over the patches' tokens.</summary>
    Average,

    /// <summary>The largest of each channel.</summary>
    Max,

    /// <summary>Mean and maximum side by side, twice as many features: fastai's concat-pool.</summary>
    Concat,

    /// <summary>The first token; for a map, as its average.</summary>
    Token,

    /// <summary>The first token and the mean of the patches' tokens side by side.</summary>
    TokenAndMean,

    /// <summary>
    /// The generalised mean, (mean of x^p)^(1/p), p learned from 3 on. Radenovic et al. 2018, arXiv:1711.02512.
    /// </summary>
    Gem,

    /// <summary>None: the layers after the last map make the features themselves.</summary>
    None,
}
