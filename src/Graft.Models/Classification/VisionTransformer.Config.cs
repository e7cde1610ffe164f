using Graft.Nn;

namespace Graft.Models.Classification;

public abstract partial class VisionTransformer
{
    /// <summary>Which tokens have a learned position.</summary>
    public enum PositionKind
    {
        /// <summary>All: the class token and its like, and the patches.</summary>
        All,

        /// <summary>The patches only: timm's <c>no_embed_class</c>.</summary>
        Patches,

        /// <summary>The class token and the patches, not the registers between them: transformers' DINOv2.</summary>
        ClassAndPatches,

        /// <summary>None.</summary>
        None,
    }

    /// <summary>How tokens become features.</summary>
    public enum PoolingKind
    {
        /// <summary>The class token.</summary>
        Token,

        /// <summary>The mean of the patches.</summary>
        Average,

        /// <summary>The largest of the patches.</summary>
        Max,

        /// <summary>Half the mean and half the largest of the patches: timm's <c>avgmax</c>.</summary>
        AverageMax,

        /// <summary>A learned query that attends to the patches: timm's <c>map</c>.</summary>
        Attention,

        /// <summary>The class token and the mean of the patches side by side: DINOv2.</summary>
        TokenAndMean,

        /// <summary>The class token and the distillation token, each with a head of its own: DeiT.</summary>
        Distilled,
    }

    /// <summary>Where the last norm stands.</summary>
    public enum LastNormKind
    {
        /// <summary>Before the pool, over all tokens: timm's <c>norm</c>.</summary>
        BeforePool,

        /// <summary>After the pool: timm's <c>fc_norm</c>.</summary>
        AfterPool,

        /// <summary>There is none.</summary>
        None,
    }

    /// <summary>What the norms are.</summary>
    public enum NormKind
    {
        /// <summary>Layer normalisation.</summary>
        Layer,

        /// <summary>By the root mean square.</summary>
        Rms,
    }

    /// <summary>Where an attention takes what it adds to the scores for how far apart two tokens are.</summary>
    public enum RelativeKind
    {
        /// <summary>Nothing is added.</summary>
        None,

        /// <summary>Each block has a table.</summary>
        PerBlock,

        /// <summary>All blocks have one table.</summary>
        Shared,

        /// <summary>Each block has a table, and all have one more.</summary>
        Both,
    }

    /// <summary>How a vision transformer is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Height of the images that the positions were learned for. <value>224</value></summary>
        public int ImageHeight { get; init; } = 224;

        /// <summary>Width of these images. <value>224</value></summary>
        public int ImageWidth { get; init; } = 224;

        /// <summary>Sides of a patch. <value>16</value></summary>
        public int Patch { get; init; } = 16;

        /// <summary>D: channels of a token.</summary>
        public required int Width { get; init; }

        /// <summary>Blocks.</summary>
        public required int Depth { get; init; }

        /// <summary>Heads of each attention.</summary>
        public required int Heads { get; init; }

        /// <summary>Hidden features of each feed-forward part (of gate and value each, where it is gated).</summary>
        public required int Hidden { get; init; }

        /// <summary>
        /// timm's <c>mlp_ratio</c>, where it is not exactly that of the two sizes: for when the width is changed.
        /// </summary>
        /// <value>null: that of the sizes</value>
        public double? Ratio { get; init; }

        /// <summary>The activation of the feed-forward parts. <value>GELU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

        /// <summary>Whether the feed-forward parts are gated (SwiGLU). <value>false</value></summary>
        public bool Gated { get; init; }

        /// <summary>Which of queries, keys and values have biases. <value>all</value></summary>
        public AttentionBias Bias { get; init; } = AttentionBias.All;

        /// <summary>Whether the other linear layers of blocks have biases. <value>true</value></summary>
        public bool ProjectionBias { get; init; } = true;

        /// <summary>Whether each head's queries and keys are normalised. <value>false</value></summary>
        public bool HeadNorm { get; init; }

        /// <summary>Whether attentions are normalised before their last layer. <value>false</value></summary>
        public bool AttentionNorm { get; init; }

        /// <summary>Whether the hidden features of the feed-forward parts are normalised. <value>false</value></summary>
        public bool HiddenNorm { get; init; }

        /// <summary>The layer scale's first value; null for none. <value>null</value></summary>
        public double? LayerScale { get; init; }

        /// <summary>Whether there is a class token. <value>true</value></summary>
        public bool ClassToken { get; init; } = true;

        /// <summary>Whether a distillation token stands after it. <value>false</value></summary>
        public bool DistillationToken { get; init; }

        /// <summary>Register tokens after these. <value>0</value></summary>
        public int Registers { get; init; }

        /// <summary>Which tokens have a learned position. <value>all</value></summary>
        public PositionKind Positions { get; init; }

        /// <summary>What attentions add for the distance of two tokens. <value>nothing</value></summary>
        public RelativeKind Relative { get; init; }

        /// <summary>How positions are brought to images of another size. <value>bicubic</value></summary>
        public Resampling Resampling { get; init; }

        /// <summary>Whether patches have a bias. <value>true</value></summary>
        public bool PatchBias { get; init; } = true;

        /// <summary>Whether patches are normalised. <value>false</value></summary>
        public bool PatchNorm { get; init; }

        /// <summary>Whether tokens are normalised before the first block: CLIP. <value>false</value></summary>
        public bool FirstNorm { get; init; }

        /// <summary>Where the last norm stands. <value>before the pool</value></summary>
        public LastNormKind LastNorm { get; init; }

        /// <summary>What the norms are. <value>layer normalisation</value></summary>
        public NormKind Norm { get; init; }

        /// <summary>Added to the variances: 1e-6 in timm and torchvision, 1e-12 in transformers. <value>1e-6</value></summary>
        public double Eps { get; init; } = 1e-6;

        /// <summary>How tokens become features. <value>the class token</value></summary>
        public PoolingKind Pooling { get; init; }

        /// <summary>Whether pools have the tokens before the patches too. <value>false</value></summary>
        public bool PoolsPrefix { get; init; }

        /// <summary>Whether the head has no bias, being CLIP's projection to the space of images and texts.
        /// <value>false</value></summary>
        public bool Projection { get; init; }

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0</value>
        public double DropPath { get; init; }

        /// <summary>Tokens before the patches.</summary>
        internal int PrefixTokens => (ClassToken ? 1 : 0) + (DistillationToken ? 1 : 0) + Registers;

        /// <summary>Of these, how many have a position.</summary>
        internal int PrefixPositions => Positions switch
        {
            PositionKind.All => PrefixTokens,
            PositionKind.ClassAndPatches => 1,
            _ => 0,
        };
    }
}
