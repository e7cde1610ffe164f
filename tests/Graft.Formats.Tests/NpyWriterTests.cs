using System.Security.Cryptography;

namespace Graft.Formats.Tests;

public sealed class NpyWriterTests
{
    // numpy.save of numpy.arange(24, dtype='<f4').reshape(shape) / 7, NumPy 1.24
    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, "fdaef3d1d918010c8dece86561c8bcd01f91ec11fab4fd902c00ad339eab6035")]
    [InlineData(new long[] { 24 }, "fe874d4c02f592463316896af1ed0d2a9f90068e658a2c102e102c56d379017c")]
    public void Writes_what_numpy_saves(long[] shape, string expected)
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 24).Select(i => i / 7f)];
        string path = folder.At("a.npy");
        NpyWriter.Write(path, values, shape);
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    [Fact]
    public void Refuses_values_that_the_shape_has_no_place_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("a.npy");
        var error = Assert.Throws<ArgumentException>(() => NpyWriter.Write(path, new float[5], 2, 3));
        Assert.StartsWith("expected 6 values for the shape, came 5", error.Message);
        Assert.False(File.Exists(path));
    }
}
