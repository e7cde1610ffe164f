namespace Graft;

/// <summary>Where two models part that were given the same image.</summary>
public enum DifferenceSide
{
    /// <summary>They don't.</summary>
    None,

    /// <summary>Before the network: the pixels differ already.</summary>
    Preprocessing,

    /// <summary>In the network: the pixels are the same.</summary>
    Network,

    /// <summary>Nobody noted what the pixels were.</summary>
    Unknown,
}
