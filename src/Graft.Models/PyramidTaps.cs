using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Which of a network's layers give the maps of its pyramid: of each size the last, as timm's <c>features_only</c> has it.
/// </summary>
sealed class PyramidTaps
{
    readonly List<int> layers = [];
    readonly List<PyramidLevel> levels = [];

    /// <summary>The maps, finest first.</summary>
    public IReadOnlyList<PyramidLevel> Levels => levels;

    /// <summary>A map comes out of that layer, in place of an earlier one of its size.</summary>
    /// <param name="layer">the layer's index</param>
    /// <param name="channels">of the map</param>
    /// <param name="stride">the image's size over the map's</param>
    public void Add(int layer, int channels, int stride)
    {
        if (levels.Count > 0 && levels[^1].Stride == stride)
        {
            levels.RemoveAt(levels.Count - 1);
            layers.RemoveAt(layers.Count - 1);
        }
        layers.Add(layer);
        levels.Add(new PyramidLevel(channels, stride));
    }

    /// <summary>Runs the layers as far as the last map; what is no map of the pyramid is freed on the way.</summary>
    public Tensor[] Run(IReadOnlyList<Module> all, Tensor x)
    {
        Tensor[] maps = new Tensor[layers.Count];
        Tensor y = x;
        bool isOwned = false; // whether y is neither the input nor one of the maps
        for (int i = 0, next = 0; next < maps.Length; i++)
        {
            Tensor z = all[i].Forward(y);
            if (!ReferenceEquals(z, y))
            {
                if (isOwned) y.Dispose();
                isOwned = true;
                y = z;
            }
            if (i != layers[next]) continue;
            maps[next++] = y;
            isOwned = false;
        }
        return maps;
    }
}
