using System.Numerics;

namespace Graft.Demo;

/// <summary>The outlines of shapes within the unit circle; where they overlap themselves is a hole.</summary>
static class ShapeOutline
{
    const int CirclePoints = 40;

    public static IReadOnlyList<Vector2[]> Of(ShapeKind kind) => kind switch
    {
        ShapeKind.Disc => [Polygon(CirclePoints, 1)],
        ShapeKind.Square => [Polygon(4, 1)],
        ShapeKind.Triangle => [Polygon(3, 1)],
        ShapeKind.Star => [Points(5, 1, 0.42f)],
        ShapeKind.Ring => [Polygon(CirclePoints, 1), Polygon(CirclePoints, 0.55f)],
        ShapeKind.Cross => [Cross(0.3f)],
        ShapeKind.Hexagon => [Polygon(6, 1)],
        ShapeKind.Crescent => [Crescent()],
        ShapeKind.Arrow => [Arrow()],
        ShapeKind.HalfDisc => [HalfDisc()],
        ShapeKind.Frame => [Polygon(4, 1), Polygon(4, 0.55f)],
        ShapeKind.Burst => [Points(8, 1, 0.55f)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no outline for this shape"),
    };

    public static Vector2[] Polygon(int corners, float radius)
    {
        Vector2[] points = new Vector2[corners];
        for (int i = 0; i < corners; i++) points[i] = OnCircle((float)i / corners, radius);
        return points;
    }

    static Vector2[] Points(int tips, float outer, float inner)
    {
        Vector2[] points = new Vector2[2 * tips];
        for (int i = 0; i < points.Length; i++) points[i] = OnCircle((float)i / points.Length, i % 2 == 0 ? outer : inner);
        return points;
    }

    static Vector2[] Cross(float half) =>
    [
        new(-half, -1), new(half, -1), new(half, -half), new(1, -half), new(1, half), new(half, half),
        new(half, 1), new(-half, 1), new(-half, half), new(-1, half), new(-1, -half), new(-half, -half),
    ];

    static Vector2[] Arrow() =>
        [new(1, 0), new(0.1f, 0.75f), new(0.1f, 0.28f), new(-1, 0.28f), new(-1, -0.28f), new(0.1f, -0.28f), new(0.1f, -0.75f)];

    static Vector2[] HalfDisc()
    {
        Vector2[] points = new Vector2[CirclePoints / 2 + 1];
        for (int i = 0; i < points.Length; i++) points[i] = OnCircle((float)i / CirclePoints, 1) + new Vector2(0, -0.4f);
        return points;
    }

    /// <summary>An outer arc of 260 degrees and a flatter inner one back between the same two tips.</summary>
    static Vector2[] Crescent()
    {
        const int half = CirclePoints / 2;
        const double tip = 130 * Math.PI / 180;
        double x = Math.Cos(tip), y = Math.Sin(tip);
        // the inner circle passes through both tips and through (inside, 0)
        const double inside = 0.45;
        double center = (x * x + y * y - inside * inside) / (2 * (x - inside));
        double radius = inside - center;
        double innerTip = Math.Atan2(y, x - center);
        Vector2[] points = new Vector2[2 * half];
        for (int i = 0; i < half; i++)
        {
            double share = (double)i / half;
            double outer = -tip + 2 * tip * share;
            points[i] = new((float)Math.Cos(outer), (float)Math.Sin(outer));
            double inner = innerTip - 2 * innerTip * share;
            points[half + i] = new((float)(center + radius * Math.Cos(inner)), (float)(radius * Math.Sin(inner)));
        }
        return points;
    }

    static Vector2 OnCircle(float turn, float radius)
    {
        (float sin, float cos) = MathF.SinCos(2 * MathF.PI * turn);
        return new(radius * cos, radius * sin);
    }
}
