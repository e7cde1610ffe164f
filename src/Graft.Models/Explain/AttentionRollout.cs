using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Attention rollout: how much of each patch reaches the features through the attentions of all blocks, each counted half, the
/// other half being what goes around it. Heads are averaged. Abnar and Zuidema 2020, "Quantifying Attention Flow in
/// Transformers", arXiv:2005.00928. It is the same for every class.
/// </summary>
public static class AttentionRollout
{
    /// <summary>Whether a network is a plain transformer, in which every token sees every other.</summary>
    public static bool Supports(ImageModel model) =>
        model.Backbone.Tokens(model.Preprocess.Height, model.Preprocess.Width) is not null;

    /// <summary>
    /// One heat map an image: from the class token (or tokens) to the patches; where the features are a mean of tokens, from
    /// these. The model is put into evaluation mode.
    /// </summary>
    /// <param name="model">the model</param>
    /// <param name="images">normalised images <c>[N, C, H, W]</c></param>
    /// <exception cref="NotSupportedException">The network is no plain transformer; the message says which method it
    /// takes.</exception>
    public static IReadOnlyList<Heatmap> Compute(ImageModel model, Tensor images)
    {
        Explanations.RequireLayers(model);
        TokenLayout layout = model.Backbone.Tokens((int)images.Size(2), (int)images.Size(3)) ??
            throw new NotSupportedException(
                $"{model.FullName} is no plain transformer: attention rollout needs one in which every token sees every other. " +
                "Use Grad-CAM.");
        model.Evaluate();
        using GradMode mode = Autograd.NoGrad();
        List<Heatmap> result = [];
        for (int i = 0; i < images.Size(0); i++) // one by one: the weights of a batch would take too much memory
        {
            var seen = new Recorder(layout);
            using var scope = new TensorScope();
            using (ScaledDotProduct.Observe(seen))
            {
                Tensor map = model.Backbone.Map(images.Slice(0, i, i + 1).To(model.Parameters.Device));
                if (layout.PoolAttendsFrom is not null) model.Backbone.Pooled(map);
            }
            float[] reached = Roll(seen.Blocks, seen.Asked);
            result.Add(new Heatmap(ExplainMethod.Rollout, layout.Rows, layout.Columns, reached[layout.Prefix..]));
        }
        return result;
    }

    /// <summary>What reaches the features from each token.</summary>
    /// <param name="blocks">
    /// the attention of each block, the first first: <c>[T, T]</c> row by row, means over the heads, rows that add up to 1
    /// </param>
    /// <param name="asked">the share that the features take of each token after the last block, <c>[T]</c></param>
    /// <returns><c>[T]</c>, adding up to what <paramref name="asked"/> does</returns>
    /// <exception cref="ArgumentException">A block's attention is not <c>[T, T]</c>.</exception>
    public static float[] Roll(IReadOnlyList<float[]> blocks, ReadOnlySpan<float> asked)
    {
        int count = asked.Length;
        double[] reached = new double[count];
        for (int i = 0; i < count; i++) reached[i] = asked[i];
        for (int block = blocks.Count - 1; block >= 0; block--)
        {
            float[] weights = blocks[block];
            if (weights.Length != count * count)
                throw new ArgumentException(
                    $"expected attentions [{count}, {count}], came {weights.Length} values", nameof(blocks));
            double[] before = new double[count];
            for (int to = 0; to < count; to++)
            {
                double share = reached[to] / 2;
                before[to] += share;
                ReadOnlySpan<float> row = weights.AsSpan(to * count, count);
                for (int from = 0; from < row.Length; from++) before[from] += share * row[from];
            }
            reached = before;
        }
        return Array.ConvertAll(reached, value => (float)value);
    }

    /// <summary>Keeps the attentions of blocks, and what an attention that pools takes.</summary>
    sealed class Recorder(TokenLayout layout) : IAttentionObserver
    {
        public List<float[]> Blocks { get; } = [];

        public float[] Asked { get; private set; } = layout.Asked;

        public void OnWeights(Tensor weights)
        {
            using var scope = new TensorScope();
            float[] mean = weights.To(DType.Float32).Mean([0, 1]).ToArray<float>(); // [Q, T]
            if (weights.Size(2) == weights.Size(3))
            {
                Blocks.Add(mean);
                return;
            }
            if (layout.PoolAttendsFrom is not { } first) return;
            Asked = new float[layout.Asked.Length];
            mean.CopyTo(Asked, first);
        }
    }
}
