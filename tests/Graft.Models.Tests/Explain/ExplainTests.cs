using Graft.Formats;
using Graft.Models.Classification;
using Graft.Models.Tests.Classification;
using Graft.Imaging;
using Graft.Nn;
using Graft.Tests;
using Graft.Torch;

namespace Graft.Models.Tests.Explain;

/// <summary>Grad-CAM against hooks on torchvision's own networks, rollout against numpy.</summary>
public sealed class ExplainTests : IDisposable
{
    readonly ArrayFile golden = WeightFile.Open(Path.Combine(
        SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "explain", "cam.safetensors"));

    public void Dispose() => golden.Dispose();

    [Theory]
    [InlineData("resnet18_tiny"), InlineData("resnet50_tiny"), InlineData("mobilenet_v2_w010")]
    [InlineData("mobilenet_v3_small_tiny"), InlineData("efficientnet_tiny"), InlineData("convnext_tiny")]
    [InlineData("regnet_y_tiny"), InlineData("squeezenet1_1_tiny"), InlineData("swin_tiny")]
    public void Grad_cam_is_what_hooks_on_torchvision_give(string name)
    {
        long before = Tensor.LiveCount;
        (ImageModel model, Tensor images) = GoldenTests.Open(name);
        using (model)
        using (images)
        {
            Assert.Equal(ExplainMethod.GradCam, Explanations.MethodFor(model));
            float[] wanted = Values($"{name}.cam", out int[] shape); // [K, 2, h, w]
            int size = shape[2] * shape[3];
            float largest = wanted.Max();
            for (int label = 0; label < shape[0]; label++)
            {
                IReadOnlyList<Heatmap> found = GradCam.Compute(model, images, [label, label]);
                Assert.Equal(2, found.Count);
                for (int i = 0; i < 2; i++)
                {
                    Assert.Equal((shape[2], shape[3]), (found[i].Rows, found[i].Columns));
                    for (int at = 0; at < size; at++)
                        Assert.Equal(wanted[(label * 2 + i) * size + at], found[i].Values[at], largest * 2e-4f);
                }
            }
            // images do not disturb one another, and nothing is left on the weights
            Heatmap other = GradCam.Compute(model, images, [1, 3])[1];
            for (int at = 0; at < size; at++) Assert.Equal(wanted[(3 * 2 + 1) * size + at], other.Values[at], largest * 2e-4f);
            Assert.All(model.Parameters.Weights, weight => Assert.True(weight.RequiresGrad && weight.Value.Grad is null));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Rollout_of_given_attentions_is_numpys()
    {
        float[] attention = Values("rollout.attention", out int[] shape), product = Values("rollout.product", out _);
        (int heads, int tokens) = (shape[1], shape[2]);
        int size = tokens * tokens;
        float[][] blocks = [.. Enumerable.Range(0, shape[0]).Select(block => Enumerable.Range(0, size).Select(at =>
            Enumerable.Range(0, heads).Average(head => attention[(block * heads + head) * size + at])).ToArray())];
        for (int row = 0; row < tokens; row++)
        {
            float[] asked = new float[tokens];
            asked[row] = 1;
            float[] reached = AttentionRollout.Roll(blocks, asked);
            for (int at = 0; at < tokens; at++) Assert.Equal(product[row * tokens + at], reached[at], 1e-6f);
        }
        Assert.Throws<ArgumentException>(() => AttentionRollout.Roll(blocks, new float[3]));
    }

    [Fact]
    public void Rollout_of_a_vision_transformer_is_that_of_torchvisions_attentions()
    {
        (ImageModel model, Tensor images) = GoldenTests.Open("vit_tiny");
        using (model)
        using (images)
        {
            Assert.Equal(ExplainMethod.Rollout, Explanations.MethodFor(model));
            float[] wanted = Values("vit.rollout", out int[] shape);
            IReadOnlyList<Heatmap> found = AttentionRollout.Compute(model, images);
            Assert.Equal((shape[1], shape[2]), (found[0].Rows, found[0].Columns));
            float[] all = [.. found.SelectMany(one => one.Values)];
            for (int at = 0; at < wanted.Length; at++) Assert.Equal(wanted[at], all[at], 1e-5f);
            // a class token is no map
            Assert.False(GradCam.Supports(model));
            var refused = Assert.Throws<NotSupportedException>(() => GradCam.Compute(model, images, [0, 0]));
            Assert.Contains("rollout", refused.Message);
        }
    }

    public static TheoryData<string> Families =>
    [
        "timm:vit_tiny_patch16_224", "timm:deit_tiny_distilled_patch16_224", "timm:beit_base_patch16_224",
        "timm:vit_small_patch14_dinov2", "timm:vit_base_patch32_clip_224", "timm:vit_base_patch16_siglip_224",
        "timm:mobilenetv2_100", "timm:swin_tiny_patch4_window7_224", "timm:resnet18", "timm:vit_small_patch14_reg4_dinov2",
    ];

    [Theory, MemberData(nameof(Families))]
    public void Every_kind_of_network_is_explained_by_the_method_that_suits_it(string name)
    {
        if (!ModelZoo.Variants.Any(one => one.FullName == name)) Assert.Skip($"{name}: not in the zoo");
        ModelVariant variant = ModelZoo.FindVariant(name);
        long before = Tensor.LiveCount;
        int side = variant.Config is VisionTransformer.Config its ? 4 * its.Patch : 64;
        using (ImageModel model = ModelZoo.Create(
            variant.Family, Small(variant.Family.AtSize(variant.Config, side, side)), variant.Origin,
            variant.Preprocess with { Height = side, Width = side }, ["a", "b", "c"], seed: 3))
        using (Tensor images = Images(2, side))
        {
            IReadOnlyList<Heatmap> maps = Explanations.Compute(model, images, [2, 0]);
            bool plain = variant.Config is VisionTransformer.Config;
            Assert.All(maps, map =>
            {
                Assert.Equal(plain ? ExplainMethod.Rollout : ExplainMethod.GradCam, map.Method);
                Assert.Equal(map.Rows * map.Columns, map.Values.Count);
                Assert.All(map.Values, value => Assert.True(value >= 0 && float.IsFinite(value)));
                if (!plain) return;
                Assert.Equal((4, 4), (map.Rows, map.Columns));
                Assert.InRange(map.Values.Sum(), 0.001, 1.0001); // what is missing came from the tokens before the patches
                Assert.False(map.IsEmpty);
            });
            if (!plain) Assert.Throws<NotSupportedException>(() => AttentionRollout.Compute(model, images));
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Tokens_that_are_averaged_are_a_map_too()
    {
        var config = new VisionTransformer.Config
        {
            ImageHeight = 32,
            ImageWidth = 48,
            Patch = 16,
            Width = 12,
            Depth = 2,
            Heads = 3,
            Hidden = 24,
            Pooling = VisionTransformer.PoolingKind.Average,
            ClassToken = false,
        };
        using ImageModel model = ModelZoo.Create(
            new ViT(), config, Origin.Timm, Preprocess.TorchVision(32, 32) with { Width = 48 }, ["a", "b"], seed: 1);
        using Tensor images = Images(1, 32, 48);
        Heatmap map = GradCam.Compute(model, images, [1])[0];
        Assert.Equal((2, 3), (map.Rows, map.Columns));
        Assert.True(GradCam.Supports(model));
        Assert.Equal(1, AttentionRollout.Compute(model, images)[0].Values.Sum(), 1e-4f); // nothing but patches
    }

    [Fact]
    public void A_watch_over_attentions_ends_and_changes_nothing()
    {
        using Tensor tokens = Tensor.FromSpan<float>([.. Enumerable.Range(0, 24).Select(i => (float)Math.Sin(i))], [1, 2, 3, 4]);
        using Tensor unseen = ScaledDotProduct.Attend(tokens, tokens, tokens);
        var counter = new Counter();
        using (ScaledDotProduct.Observe(counter))
        using (Tensor seen = ScaledDotProduct.Attend(tokens, tokens, tokens))
            Assert.Equal(unseen.ToArray<float>(), seen.ToArray<float>());
        using (ScaledDotProduct.Attend(tokens, tokens, tokens)) Assert.Equal([[1, 2, 3, 3]], counter.Shapes);
    }

    [Fact]
    public void The_smallest_attentions_are_computed_over_any_memory()
    {
        // a single query: libtorch's own loop for small products; memory that was just freed is full of NaN
        using Tensor query = Tensor.FromSpan<float>([1, 0, 0, 0], [1, 1, 1, 4]);
        float[] values = [.. Enumerable.Range(0, 64).Select(i => MathF.Cos(i))];
        using Tensor keys = Tensor.FromSpan<float>(values, [1, 1, 16, 4]);
        for (int i = 0; i < 50; i++)
        {
            for (int size = 4; size <= 64; size *= 2) Tensor.Full([size], double.NaN).Dispose();
            using Tensor mixed = ScaledDotProduct.Attend(query, keys, keys);
            Assert.All(mixed.ToArray<float>(), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Heat_is_brought_to_an_images_size_as_pytorch_does_it()
    {
        float[] small = Values("resize.from", out int[] from), wanted = Values("resize.to", out int[] to);
        float[] found = new Heatmap(ExplainMethod.GradCam, from[0], from[1], small).Resized(to[0], to[1]);
        for (int at = 0; at < wanted.Length; at++) Assert.Equal(wanted[at], found[at], 1e-5f);
        Assert.Equal([0f, 1f], new Heatmap(ExplainMethod.Rollout, 1, 2, [0.25f, 0.5f]).Scaled());
        Assert.Equal([0.5f, 1f], new Heatmap(ExplainMethod.GradCam, 1, 2, [0.25f, 0.5f]).Scaled());
        Assert.True(new Heatmap(ExplainMethod.GradCam, 1, 2, [0, 0]).IsEmpty);
    }

    [Fact]
    public void What_cannot_be_explained_says_so()
    {
        using ImageModel script = ModelZoo.Open(Path.Combine(
            SharedFiles.Repository, "tests", "Graft.Models.Tests", "Golden", "torchscript", "tiny.pt"));
        using Tensor images = Images(1, 32);
        Assert.False(Explanations.Supports(script));
        Assert.Contains("TorchScript", Assert.Throws<NotSupportedException>(
            () => Explanations.Compute(script, images, [0])).Message);
        (ImageModel model, Tensor square) = GoldenTests.Open("resnet18_tiny");
        using (model)
        using (square)
        {
            Assert.Throws<ArgumentException>(() => GradCam.Compute(model, square, [0]));
            Assert.Throws<ArgumentException>(() => GradCam.Compute(model, square, [0, 5]));
        }
    }

    static ModelConfig Small(ModelConfig config) => config switch
    {
        VisionTransformer.Config its => its with { Width = 12, Heads = 3, Depth = 2, Hidden = 24 },
        Swin.Config its => its with { Width = 6, Depths = [1, 1], Heads = [1, 2], Windows = [.. its.Windows.Take(2)] },
        _ => config,
    };

    static Tensor Images(int count, int height, int width = 0)
    {
        if (width == 0) width = height;
        float[] values = new float[count * 3 * height * width];
        for (int i = 0; i < values.Length; i++) values[i] = MathF.Sin(i * 0.37f) + i % 7 * 0.1f;
        return Tensor.FromArray(values, [count, 3, height, width]);
    }

    float[] Values(string name, out int[] shape)
    {
        Assert.True(golden.TryFind(name, out ArrayEntry entry), name);
        shape = [.. entry.Shape.ToArray().Select(size => (int)size)];
        return golden.ToSingles(entry);
    }

    sealed class Counter : IAttentionObserver
    {
        public List<long[]> Shapes { get; } = [];

        public void OnWeights(Tensor weights) => Shapes.Add(weights.Shape);
    }
}
