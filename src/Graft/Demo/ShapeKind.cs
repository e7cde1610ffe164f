namespace Graft.Demo;

/// <summary>What is drawn on a picture of the demo.</summary>
public enum ShapeKind
{
    /// <summary>A filled circle.</summary>
    Disc,

    /// <summary>Four equal sides.</summary>
    Square,

    /// <summary>Three equal sides.</summary>
    Triangle,

    /// <summary>Five points.</summary>
    Star,

    /// <summary>A circle with a round hole.</summary>
    Ring,

    /// <summary>Two bars at right angles.</summary>
    Cross,

    /// <summary>Six equal sides.</summary>
    Hexagon,

    /// <summary>A moon.</summary>
    Crescent,

    /// <summary>A shaft with a head.</summary>
    Arrow,

    /// <summary>Half a circle.</summary>
    HalfDisc,

    /// <summary>A square with a square hole.</summary>
    Frame,

    /// <summary>Eight points.</summary>
    Burst,
}
