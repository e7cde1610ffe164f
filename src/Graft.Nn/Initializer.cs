using System.Numerics;
using System.Text;
using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Draws starting values. Each module has its own stream, keyed by the seed and its path, so that one layer's values depend on
/// nothing but these: not on the order of building, not on other layers.
/// </summary>
public readonly struct Initializer
{
    readonly ulong key;

    /// <summary>The stream of the module at that path.</summary>
    public Initializer(ulong seed, string path)
    {
        ulong hash = 14695981039346656037; // FNV-1a
        foreach (byte item in Encoding.UTF8.GetBytes(path)) hash = (hash ^ item) * 1099511628211;
        key = Mix(seed ^ BitOperations.RotateLeft(hash, 17));
    }

    /// <summary>Normal in fan-out mode for a rectifier: deviation sqrt(2 / fan-out). He et al. 2015, arXiv:1502.01852.</summary>
    public void KaimingNormalFanOut(Parameter weight) => Normal(weight, Math.Sqrt(2.0 / FanOut(weight.Shape)));

    /// <summary>Normal in fan-in mode for a rectifier: deviation sqrt(2 / fan-in).</summary>
    public void KaimingNormalFanIn(Parameter weight) => Normal(weight, Math.Sqrt(2.0 / FanIn(weight.Shape)));

    /// <summary>Uniform as PyTorch starts linear and convolution layers: within 1 / sqrt(fan-in), weights and biases.</summary>
    public void UniformFanIn(Parameter parameter, long fanIn)
    {
        double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        Uniform(parameter, -bound, bound);
    }

    /// <summary>Draws from N(0, deviation).</summary>
    public void Normal(Parameter parameter, double deviation)
    {
        Fill(parameter, stream => stream.NextNormal() * deviation);
    }

    /// <summary>Draws from N(0, deviation), again wherever a draw leaves [-2, 2] (as timm's and torch's trunc_normal_ have
    /// it).</summary>
    public void TruncatedNormal(Parameter parameter, double deviation, double limit = 2)
    {
        Fill(parameter, stream =>
        {
            double value;
            do value = stream.NextNormal() * deviation;
            while (Math.Abs(value) > limit);
            return value;
        });
    }

    /// <summary>Draws uniform in [low, high).</summary>
    public void Uniform(Parameter parameter, double low, double high)
    {
        Fill(parameter, stream => low + (high - low) * stream.NextUniform());
    }

    /// <summary>One value throughout.</summary>
    public static void Constant(Parameter parameter, double value) => parameter.Value.Fill_(value);

    /// <summary>The inputs of one output: <c>shape[1] * shape[2] * ...</c></summary>
    public static long FanIn(long[] shape) => shape.Skip(1).Aggregate(1L, (product, size) => product * size);

    static long FanOut(long[] shape) => shape[0] * shape.Skip(2).Aggregate(1L, (product, size) => product * size);

    void Fill(Parameter parameter, Func<Stream, double> draw)
    {
        ulong hash = key;
        foreach (char letter in parameter.Name) hash = Mix(hash + letter);
        var stream = new Stream(hash);
        float[] values = new float[parameter.Value.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = (float)draw(stream);
        using var scope = new TensorScope();
        parameter.Value.Copy_(Tensor.FromArray(values, parameter.Shape));
    }

    /// <summary>splitmix64's finaliser. Steele et al. 2014, doi:10.1145/2714064.2660195.</summary>
    static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    sealed class Stream(ulong key)
    {
        ulong counter;
        double spare = double.NaN;

        public double NextUniform() => (Mix(key ^ Mix(counter++)) >> 11) * (1.0 / (1UL << 53));

        /// <summary>Box and Muller 1958.</summary>
        public double NextNormal()
        {
            if (!double.IsNaN(spare))
            {
                double kept = spare;
                spare = double.NaN;
                return kept;
            }
            double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
            double angle = 2 * Math.PI * NextUniform();
            spare = radius * Math.Sin(angle);
            return radius * Math.Cos(angle);
        }
    }
}
