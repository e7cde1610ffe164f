using System.Numerics;
using Graft.Imaging;

namespace Graft.Demo;

/// <summary>Paints one picture: ground, clutter behind, the shape, clutter before it, light, noise.</summary>
sealed class ShapePainter(int size)
{
    /// <summary>Linear colour, [0, 1] each.</summary>
    readonly Vector3[] pixels = new Vector3[size * size];
    readonly Coverage coverage = new(size);

    public Image Paint(ShapeClass entry, ref SampleRandom random)
    {
        PaintGround(ref random);
        for (int i = random.Next(4); i > 0; i--) PaintClutter(ref random, largest: 0.3f);
        PaintShape(entry, ref random);
        for (int i = random.Next(3); i > 0; i--) PaintClutter(ref random, largest: 0.13f);
        return Develop(ref random);
    }

    void PaintGround(ref SampleRandom random)
    {
        Vector3 one = Colour(ref random), other = Vector3.Lerp(one, Colour(ref random), 0.5f);
        float turn = Angle(ref random);
        (float sin, float cos) = MathF.SinCos(turn);
        Pattern pattern = new(AnyFill(ref random), size, ref random);
        Vector3 accent = Vector3.Lerp(one, Colour(ref random), 0.25f);
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
            {
                float along = 0.5f + ((x - size / 2f) * cos + (y - size / 2f) * sin) / (1.5f * size);
                Vector3 colour = Vector3.Lerp(one, other, Math.Clamp(along, 0, 1));
                pixels[y * size + x] = Vector3.Lerp(colour, accent, 0.45f * pattern.At(x, y));
            }
    }

    void PaintShape(ShapeClass entry, ref SampleRandom random)
    {
        float radius = size * (0.24f + 0.18f * random.NextSingle());
        Vector2 center = new(Place(radius, ref random), Place(radius, ref random));
        Fill(ShapeOutline.Of(entry.Shape), center, radius, ref random);
        Vector3 ground = MeanUnderShape();
        Vector3 first = ColourUnlike(ground, 0.35f, ref random), second = ColourUnlike(first, 0.45f, ref random);
        Pattern pattern = new(entry.Fill ?? AnyFill(ref random), size, ref random);
        ReadOnlySpan<float> shares = coverage.Shares;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (shares[i] <= 0) continue;
            Vector3 colour = Vector3.Lerp(first, second, pattern.At(i % size, i / size));
            pixels[i] = Vector3.Lerp(pixels[i], colour, shares[i]);
        }
    }

    /// <summary>A bar or a lump that belongs to no class.</summary>
    void PaintClutter(ref SampleRandom random, float largest)
    {
        float radius = size * (0.04f + (largest - 0.04f) * random.NextSingle());
        Vector2 center = new(size * random.NextSingle(), size * random.NextSingle());
        bool bar = random.Chance(0.5f);
        Vector2[] outline = ShapeOutline.Polygon(bar ? 4 : 7, 1);
        if (bar) outline = [.. outline.Select(point => point * new Vector2(1.6f, 0.35f))];
        else outline = [.. WithJitter(outline, ref random)];
        Fill([outline], center, radius, ref random);
        Vector3 colour = Colour(ref random);
        ReadOnlySpan<float> shares = coverage.Shares;
        for (int i = 0; i < pixels.Length; i++)
            if (shares[i] > 0) pixels[i] = Vector3.Lerp(pixels[i], colour, shares[i]);
    }

    static List<Vector2> WithJitter(Vector2[] outline, ref SampleRandom random)
    {
        List<Vector2> points = [];
        foreach (Vector2 point in outline) points.Add(point * (0.5f + 0.5f * random.NextSingle()));
        return points;
    }

    /// <summary>Turns, stretches a little and moves the outlines, and measures what they cover.</summary>
    void Fill(IReadOnlyList<Vector2[]> outlines, Vector2 center, float radius, ref SampleRandom random)
    {
        float stretch = 0.85f + 0.3f * random.NextSingle();
        Matrix3x2 place = Matrix3x2.CreateRotation(Angle(ref random)) *
            Matrix3x2.CreateScale(radius * stretch, radius / stretch) *
            Matrix3x2.CreateRotation(Angle(ref random)) * Matrix3x2.CreateTranslation(center);
        coverage.Fill([.. outlines.Select(points => Array.ConvertAll(points, point => Vector2.Transform(point, place)))]);
    }

    /// <summary>Light from one side, blur of the lens left out, noise of the sensor, bytes.</summary>
    Image Develop(ref SampleRandom random)
    {
        float brightness = 0.75f + 0.4f * random.NextSingle(), fall = 0.3f * random.NextSingle();
        (float sin, float cos) = MathF.SinCos(Angle(ref random));
        float noise = 0.02f + 0.06f * random.NextSingle();
        Image image = new(size, size);
        Span<byte> rgb = image.Rgb;
        for (int i = 0; i < pixels.Length; i++)
        {
            float along = ((i % size - size / 2f) * cos + (i / size - size / 2f) * sin) / size;
            float light = brightness * (1 + 2 * fall * along);
            uint bits = random.NextUInt32();
            Vector3 grain = new(Grain(bits), Grain(bits >> 10), Grain(bits >> 20));
            Vector3 colour = Vector3.Clamp(pixels[i] * light + grain * noise, Vector3.Zero, Vector3.One) * 255;
            rgb[3 * i] = (byte)(colour.X + 0.5f);
            rgb[3 * i + 1] = (byte)(colour.Y + 0.5f);
            rgb[3 * i + 2] = (byte)(colour.Z + 0.5f);
        }
        return image;
    }

    /// <summary>Two five-bit numbers added: a triangle in [-1, 1].</summary>
    static float Grain(uint bits) => ((bits & 31) + (bits >> 5 & 31)) / 31f - 1;

    Vector3 MeanUnderShape()
    {
        Vector3 sum = Vector3.Zero;
        float weight = 1e-6f;
        ReadOnlySpan<float> shares = coverage.Shares;
        for (int i = 0; i < pixels.Length; i++)
        {
            sum += shares[i] * pixels[i];
            weight += shares[i];
        }
        return sum / weight;
    }

    float Place(float radius, ref SampleRandom random) => 0.8f * radius + (size - 1.6f * radius) * random.NextSingle();

    static float Angle(ref SampleRandom random) => 2 * MathF.PI * random.NextSingle();

    static FillKind AnyFill(ref SampleRandom random) => (FillKind)random.Next(4);

    static Vector3 Colour(ref SampleRandom random) => new(random.NextSingle(), random.NextSingle(), random.NextSingle());

    static Vector3 ColourUnlike(Vector3 other, float distance, ref SampleRandom random)
    {
        for (int i = 0; i < 20; i++)
        {
            Vector3 colour = Colour(ref random);
            if (Vector3.Distance(colour, other) >= distance) return colour;
        }
        return Vector3.One - other;
    }

    /// <summary>A pattern of the plane at a random scale and turn: 0 is the first colour, 1 the second.</summary>
    readonly struct Pattern
    {
        readonly FillKind kind;
        readonly float cos, sin, period, shift;

        public Pattern(FillKind kind, int size, ref SampleRandom random)
        {
            this.kind = kind;
            (sin, cos) = MathF.SinCos(Angle(ref random));
            period = size * (0.09f + 0.06f * random.NextSingle());
            shift = random.NextSingle();
        }

        public float At(int x, int y)
        {
            float u = (x * cos + y * sin) / period + shift, v = (y * cos - x * sin) / period + shift;
            return kind switch
            {
                FillKind.Plain => 0,
                FillKind.Stripes => Soft(Wave(u)),
                FillKind.Checks => Soft(Wave(u * 0.7f) * Wave(v * 0.7f)),
                _ => Soft(0.5f * (Wave(u) + Wave(v)) - 0.35f),
            };
        }

        static float Wave(float t) => MathF.Sin(2 * MathF.PI * t);

        // an edge about a pixel wide
        static float Soft(float value) => Math.Clamp(0.5f + 2.5f * value, 0, 1);
    }
}
