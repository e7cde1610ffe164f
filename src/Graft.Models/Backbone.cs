using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// A network without its head: images <c>[N, C, H, W]</c> to pooled features <c>[N, D]</c>. A family gives the map, and what
/// comes between the pool and the head; pooling is done here, in the origin's way or in another that the configuration asks for.
/// </summary>
public abstract class Backbone : Module
{
    readonly PoolKind asked;
    readonly FeaturePool pool;

    /// <summary>A backbone at that path, which is the root.</summary>
    /// <param name="at">where it stands</param>
    /// <param name="config">how features are pooled</param>
    /// <param name="poolPath">where the pool stands, in the origin's words</param>
    protected Backbone(ModulePath at, ModelConfig config, string poolPath = "global_pool") : base(at)
    {
        asked = config.Pool == PoolKind.Own && config.Head == HeadKind.FastAi ? PoolKind.Concat : config.Pool;
        pool = new FeaturePool(at / poolPath, asked);
    }

    /// <summary>C: channels of the map, or the width of a token.</summary>
    public abstract int Channels { get; }

    /// <summary>D: how many features it gives.</summary>
    public int FeatureCount => asked switch
    {
        PoolKind.Own => OwnFeatures,
        PoolKind.Concat or PoolKind.TokenAndMean => 2 * FinishedFeatures,
        _ => FinishedFeatures,
    };

    /// <summary>Where the head's weights are saved: <c>fc</c>, <c>classifier</c>, <c>head.fc</c>.</summary>
    public abstract string HeadPath { get; }

    /// <summary>Its layers from the stem to the last before the head.</summary>
    public abstract IReadOnlyList<LayerGroup> LayerGroups { get; }

    /// <summary>
    /// Names within the paths of weights that the origin's code exempts from weight decay, besides vectors (timm's
    /// <c>no_weight_decay</c>).
    /// </summary>
    internal virtual IReadOnlyList<string> UndecayedNames => [];

    /// <summary>How many neighbouring blocks of a stage share a depth in <see cref="LayerDepths"/>.</summary>
    internal virtual int BlocksPerDepth => 1;

    /// <summary>Whether what follows the last block has the head's depth, not that block's.</summary>
    internal virtual bool LastNormHasHeadsDepth => false;

    /// <summary>
    /// What a classifier has after the last map of its pyramid, the head too: where a decoder stands on it, that is left out, and
    /// a file's weights for it are not used.
    /// </summary>
    internal virtual IReadOnlyList<string> ClassifierPaths => [HeadPath];

    /// <summary>Whether the pool has a weight of its own, new with the head.</summary>
    internal bool PoolLearns => asked == PoolKind.Gem;

    /// <summary>Where the pool stands.</summary>
    internal string PoolPath => pool.Path.Name;

    /// <summary>Whether images and weights may lie channels-last, which makes convolutions on CPUs faster.</summary>
    /// <value>true</value>
    public virtual bool TakesChannelsLast => true;

    /// <summary>How features are pooled.</summary>
    public PoolKind Pool => asked == PoolKind.Own ? OwnPool : asked;

    /// <summary>How the origin pools.</summary>
    protected virtual PoolKind OwnPool => PoolKind.Average;

    /// <summary>Tokens before those of the patches (of the class, of distillation, registers): no average has them.</summary>
    protected virtual int PrefixTokens => 0;

    /// <summary>How its tokens lie, for images of that size; null where it gives maps, or attends within windows.</summary>
    internal virtual TokenLayout? Tokens(int height, int width) => null;

    /// <summary>How many features <see cref="Finish"/> gives of one pooled vector.</summary>
    protected virtual int FinishedFeatures => Channels;

    /// <summary>How many features there are when they are pooled as the origin does.</summary>
    protected virtual int OwnFeatures =>
        OwnPool is PoolKind.Concat or PoolKind.TokenAndMean ? 2 * FinishedFeatures : FinishedFeatures;

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to the last map <c>[N, C, H, W]</c>, or to tokens <c>[N, T, C]</c>.
    /// </summary>
    protected internal abstract Tensor Map(Tensor images);

    /// <summary>
    /// The maps of its pyramid, finest first: of each size the last that a stage gives, as timm's <c>features_only</c> has them.
    /// A plain vision transformer has one, that of its patches.
    /// </summary>
    /// <value>empty: its maps are not known (TorchScript)</value>
    public virtual IReadOnlyList<PyramidLevel> Levels => [];

    /// <summary>
    /// The multiple that the sides of images are filled up to before they become a pyramid, so that no pixel at the right or at
    /// the bottom is left out: the patch of a vision transformer, say. 1 where every layer rounds sizes up.
    /// </summary>
    internal virtual int PyramidUnit => 1;

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to the maps of <see cref="Levels"/>, finest first, in one run: each
    /// <c>[N, C, H / s, W / s]</c>, rounded up (SqueezeNet, which does not pad, loses up to three pixels). The caller frees them.
    /// </summary>
    /// <exception cref="NotSupportedException">Its maps are not known.</exception>
    public IReadOnlyList<Tensor> Pyramid(Tensor images)
    {
        if (Levels.Count == 0) throw new NotSupportedException($"{Kind}: its maps are not known: it has no pyramid.");
        int unit = PyramidUnit;
        long bottom = (unit - images.Size(2) % unit) % unit, right = (unit - images.Size(3) % unit) % unit;
        if (bottom + right == 0) return Stages(images);
        using Tensor filled = images.Pad(0, right, 0, bottom);
        return Stages(filled);
    }

    /// <summary>The maps of <see cref="Levels"/> without filling images up.</summary>
    internal virtual Tensor[] Stages(Tensor images) => [Map(images)];

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to the maps that a <see cref="SegmentationHead"/> takes, in its order: as a rule the last map
    /// alone. The caller frees them.
    /// </summary>
    /// <param name="images">the images</param>
    /// <param name="auxiliary">whether the map of the auxiliary head is wanted too; it is the last</param>
    protected internal virtual IReadOnlyList<Tensor> Maps(Tensor images, bool auxiliary) => [Map(images)];

    /// <summary>
    /// The places of what stands between a pretrained network and the head: new where a file has that network alone.
    /// </summary>
    internal virtual IReadOnlyList<string> DecoderPaths => [];

    /// <summary>Draws the weights of one of them.</summary>
    internal virtual void StartDecoder(string path, ulong seed) => Path.Store.Reset(path, seed);

    /// <summary>Those of them that are of the auxiliary branch.</summary>
    internal virtual IReadOnlyList<string> AuxiliaryPaths => [];

    /// <summary>
    /// The layers from the image to the last map, where they are one chain, so that others may take a map from within.
    /// </summary>
    internal virtual IReadOnlyList<Module> Chain => throw new NotSupportedException($"{Kind} is no chain of layers.");

    /// <summary>
    /// The layer of the chain whose map torchvision's auxiliary heads see (three strides before the last), and that map's
    /// channels.
    /// </summary>
    internal virtual (int Layer, int Channels) Middle => throw new NotSupportedException($"{Kind} is no chain of layers.");

    /// <summary>
    /// What comes between the pool and the head: a pooled vector <c>[N, C]</c> to features <c>[N, D]</c>; where the origin's own
    /// pool is <see cref="PoolKind.None"/>, the map to features. It may give its argument back, and does not free it.
    /// </summary>
    protected virtual Tensor Finish(Tensor pooled) => pooled;

    /// <summary>The head that the configuration asks for.</summary>
    protected internal virtual Head BuildHead(ModulePath root, ModelConfig config) =>
        Head.Of(config.Head, root / HeadPath, FeatureCount, config);

    /// <summary>Brings weights that depend on the size of images (positions, say) to another size, to be trained there.</summary>
    internal virtual void SetInputSize(int height, int width) { }

    /// <summary>
    /// A weight that was learned for images of another size, for this one's; null where the shape isn't of any size.
    /// </summary>
    internal virtual Tensor? Resampled(string name, Tensor found) => null;

    /// <summary>Where the family's weights start otherwise than their layers do by themselves.</summary>
    internal virtual void Start(ulong seed) { }

    /// <summary>Convolutions start as N(0, 2 / fan-out), as torchvision's and timm's do.</summary>
    private protected void StartConvolutions(ulong seed)
    {
        foreach (Parameter parameter in Path.Store.All)
            if (parameter.Shape.Length == 4 && ModulePath.IsWithin(parameter.Name, Path.Name))
                new Initializer(seed, parameter.Name).KaimingNormalFanOut(parameter);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x)
    {
        Tensor map = Map(x);
        Tensor features = Pooled(map); // [N, D]
        if (!ReferenceEquals(features, map)) map.Dispose();
        return features;
    }

    /// <summary>The map to features <c>[N, D]</c>.</summary>
    internal Tensor Pooled(Tensor map)
    {
        switch (Pool)
        {
            case PoolKind.None: return Finish(map);
            case PoolKind.Concat: return SideBySide(map, PoolKind.Average, PoolKind.Max);
            case PoolKind.TokenAndMean: return SideBySide(map, PoolKind.Token, PoolKind.Average);
            default: return One(map, Pool);
        }
    }

    Tensor SideBySide(Tensor map, PoolKind left, PoolKind right)
    {
        using Tensor first = One(map, left), second = One(map, right);
        return Tensor.Cat([first, second], 1);
    }

    Tensor One(Tensor map, PoolKind kind)
    {
        (pool.Pooling, pool.PrefixTokens) = (kind, PrefixTokens);
        Tensor pooled = pool.Forward(map);
        Tensor finished = Finish(pooled);
        if (!ReferenceEquals(finished, pooled)) pooled.Dispose();
        return finished;
    }
}
