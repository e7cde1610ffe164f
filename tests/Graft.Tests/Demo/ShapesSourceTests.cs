using Graft.Demo;
using Graft.Imaging;

namespace Graft.Tests.Demo;

public class ShapesSourceTests
{
    public static TheoryData<string> Tasks => ["source", "target"];

    static ShapesTask TaskNamed(string name) => name == "source" ? ShapesTask.Source : ShapesTask.Target;

    [Fact]
    public void The_tasks_share_no_shape()
    {
        Assert.Equal(10, ShapesTask.Source.Classes.Count);
        Assert.Equal(6, ShapesTask.Target.Classes.Count);
        Assert.Empty(ShapesTask.Source.Classes.Select(entry => entry.Shape)
            .Intersect(ShapesTask.Target.Classes.Select(entry => entry.Shape)));
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Labels_are_in_the_order_of_their_folders(string name)
    {
        IEnumerable<string> labels = TaskNamed(name).Classes.Select(entry => entry.Label);
        Assert.Equal(labels.Order(StringComparer.Ordinal), labels);
        Assert.Equal(labels.Distinct(), labels);
    }

    [Fact]
    public void The_same_seed_draws_the_same_picture_and_another_seed_another()
    {
        using Image first = ShapesSource.Draw(ShapesTask.Source, 3, 7, seed: 1);
        using Image again = ShapesSource.Draw(ShapesTask.Source, 3, 7, seed: 1);
        using Image other = ShapesSource.Draw(ShapesTask.Source, 3, 7, seed: 2);
        using Image next = ShapesSource.Draw(ShapesTask.Source, 3, 8, seed: 1);
        Assert.True(first.Rgb.SequenceEqual(again.Rgb));
        Assert.False(first.Rgb.SequenceEqual(other.Rgb));
        Assert.False(first.Rgb.SequenceEqual(next.Rgb));
    }

    [Theory, MemberData(nameof(Tasks))]
    public void No_picture_is_blank(string name)
    {
        ShapesTask task = TaskNamed(name);
        for (int label = 0; label < task.Classes.Count; label++)
            for (int sample = 0; sample < 20; sample++)
            {
                using Image image = ShapesSource.Draw(task, label, sample, seed: 5, size: 32);
                double mean = 0, square = 0;
                foreach (byte value in image.Rgb)
                {
                    mean += value;
                    square += value * value;
                }
                mean /= image.Rgb.Length;
                Assert.True(square / image.Rgb.Length - mean * mean > 25, $"{task.Classes[label].Label} {sample} is blank");
            }
    }

    [Fact]
    public void A_folder_gets_every_picture_once()
    {
        string folder = Directory.CreateTempSubdirectory("graft-shapes-").FullName;
        try
        {
            ShapesSource.Write(ShapesTask.Target, folder, 3, 2, seed: 9, size: 16, TestContext.Current.CancellationToken);
            foreach (ShapeClass entry in ShapesTask.Target.Classes)
            {
                Assert.Equal(3, Directory.GetFiles(Path.Combine(folder, "train", entry.Label)).Length);
                Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "val", entry.Label)).Length);
            }
            using Image written = ImageCodec.Load(Path.Combine(folder, "val", "cross", "0001.png"));
            using Image drawn = ShapesSource.Draw(ShapesTask.Target, 3, 4, seed: 9, size: 16);
            Assert.True(written.Rgb.SequenceEqual(drawn.Rgb));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(ShapeKind.Square, 2)]
    [InlineData(ShapeKind.Disc, 3.1287)]
    [InlineData(ShapeKind.Ring, 2.1823)]
    [InlineData(ShapeKind.Cross, 2.04)]
    [InlineData(ShapeKind.Hexagon, 2.5981)]
    public void The_rasteriser_covers_the_area_of_the_outline(ShapeKind kind, double unitArea)
    {
        const float radius = 20.3f;
        Coverage coverage = new(64);
        coverage.Fill([.. ShapeOutline.Of(kind).Select(points =>
            Array.ConvertAll(points, point => point * radius + new System.Numerics.Vector2(31.7f, 32.2f)))]);
        double area = 0;
        foreach (float share in coverage.Shares) area += share;
        Assert.Equal(unitArea * radius * radius, area, unitArea * radius * radius * 0.01);
        Assert.All(coverage.Shares.ToArray(), share => Assert.InRange(share, 0, 1));
    }
}
