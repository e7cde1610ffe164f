namespace Graft.Nn;

/// <summary>How a distance between numbers counts.</summary>
public enum NumberLossKind
{
    /// <summary>Squared.</summary>
    Squared,

    /// <summary>As it is.</summary>
    Absolute,

    /// <summary>Half of its square while it is small, in a straight line from there on. Huber 1964,
    /// doi:10.1214/aoms/1177703732.</summary>
    Huber,
}
