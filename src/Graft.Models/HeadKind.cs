namespace Graft.Models;

/// <summary>What stands between the features and the logits.</summary>
public enum HeadKind
{
    /// <summary>As the architecture's origin has it: as a rule one linear layer.</summary>
    Own,

    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>A linear layer to 512, GELU, dropout, and a linear layer.</summary>
    Mlp,

    /// <summary>
    /// fastai's: mean and maximum of each channel, batch norm, dropout at half the rate, a linear layer to 512, ReLU, batch norm,
    /// dropout, a linear layer.
    /// </summary>
    FastAi,
}
