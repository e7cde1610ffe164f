using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>The maps of a pyramid to one map, from which a last convolution makes classes.</summary>
abstract class Decoder(ModulePath at)
{
    /// <summary>Where its weights stand.</summary>
    public ModulePath Path { get; } = at;

    /// <summary>Channels of the map that it gives.</summary>
    public abstract int Channels { get; }

    /// <summary>The image's size over that map's.</summary>
    public abstract double Stride { get; }

    /// <summary>Both sides of the last convolution's window.</summary>
    /// <value>1</value>
    public virtual int LastKernel => 1;

    /// <summary>The share of that map that is dropped in training, where nothing else is asked for.</summary>
    /// <value>0</value>
    public virtual double Dropout => 0;

    /// <summary>The pyramid, finest map first, to one map <c>[N, C, h, w]</c>. The maps stay the caller's.</summary>
    public abstract Tensor Decode(IReadOnlyList<Tensor> maps);

    /// <summary>Convolutions start as N(0, 2 / fan-in), as before rectifiers. He et al. 2015, arXiv:1502.01852.</summary>
    public void Start(ulong seed)
    {
        Path.Store.Reset(Path.Name, seed);
        foreach (Parameter parameter in Path.Store.Weights)
            if (parameter.Shape.Length == 4 && ModulePath.IsWithin(parameter.Name, Path.Name))
                new Initializer(seed, parameter.Name).KaimingNormalFanIn(parameter);
    }

    /// <summary>
    /// A map bilinearly as large as what it is of. Maps are rounded up to whole pixels, and so reach beyond: that is cut off, not
    /// squeezed in, so that a pixel lies at its place whatever the size. A map that does not reach (SqueezeNet's) is stretched.
    /// </summary>
    /// <param name="map"><c>[N, C, h, w]</c></param>
    /// <param name="height">of the result</param>
    /// <param name="width">of the result</param>
    /// <param name="factor">how many pixels of the result a pixel of the map is</param>
    public static Tensor Enlarged(Tensor map, long height, long width, double factor)
    {
        bool reaches = map.Size(2) * factor >= height && map.Size(3) * factor >= width;
        return reaches ? map.UpsampleBilinear(height, width, factor) : map.ResampleBilinear(height, width);
    }
}
