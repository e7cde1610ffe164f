using Graft.Imaging;
using Graft.Torch;

namespace Graft;

/// <summary>Scores of every pixel of an image: whole, in windows, at several scales, mirrored.</summary>
/// <param name="logits">the model: images <c>[N, C, h, w]</c> to logits <c>[N, K, h', w']</c> of any resolution</param>
/// <param name="preprocess">how images are resized and normalised; a crop is left out, so that every pixel is seen</param>
/// <param name="view">how the image is looked at</param>
/// <param name="device">where the model is</param>
/// <param name="format">the order of images in memory that suits the model</param>
sealed class DenseInference(
    Func<Tensor, Tensor> logits, Preprocess preprocess, SegmentationView view, Device device, MemoryFormat format)
{
    // of the upsampled scores of all classes at once: 256 MB; beyond it, classes are gone through one by one
    const long MostScores = 64 << 20;

    /// <summary>The most probable class of each pixel, row by row.</summary>
    public ushort[] Classes(Image image)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        return Classes(Scores(image), image);
    }

    /// <summary>The same, and the probabilities <c>[K, H, W]</c> at the image's own size, of one run of the model.</summary>
    public (ushort[] Classes, float[] Probabilities) ClassesAndProbabilities(Image image)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        Tensor scores = Scores(image); // [1, K, h, w]
        return (Classes(scores, image), Probabilities(scores, image));
    }

    static ushort[] Classes(Tensor scores, Image image)
    {
        long classes = scores.Shape[1], pixels = (long)image.Width * image.Height;
        var best = new ushort[pixels];
        if (classes * pixels <= MostScores)
        {
            long[] found = scores.ResampleBilinear(image.Height, image.Width).ArgMax(1).ToArray<long>();
            for (int i = 0; i < best.Length; i++) best[i] = (ushort)found[i];
            return best;
        }
        var highest = new float[pixels];
        highest.AsSpan().Fill(float.NegativeInfinity);
        for (int k = 0; k < classes; k++)
        {
            using var one = new TensorScope();
            float[] plane = scores.Slice(1, k, k + 1).ResampleBilinear(image.Height, image.Width).ToArray<float>();
            for (int i = 0; i < plane.Length; i++)
                if (plane[i] > highest[i]) (highest[i], best[i]) = (plane[i], (ushort)k);
        }
        return best;
    }

    /// <summary>Probabilities <c>[K, H, W]</c> at the image's own size, class by class.</summary>
    public float[] Probabilities(Image image)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        return Probabilities(Scores(image), image);
    }

    float[] Probabilities(Tensor scores, Image image)
    {
        Tensor full = scores.ResampleBilinear(image.Height, image.Width); // [1, K, H, W]
        return (Views == 1 ? full.Softmax(1) : full).ToArray<float>();
    }

    /// <summary>The model's logits for the whole image at the size of its preprocessing, at the model's own resolution.</summary>
    /// <returns><c>[1, K, h, w]</c>, the caller's to dispose</returns>
    public Tensor OwnLogits(Image image)
    {
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        (int width, int height) = preprocess.ResizedSize(image.Width, image.Height);
        return scope.Keep(logits(Pixels(image, width, height)).To(DType.Float32));
    }

    int Views => view.Scales.Count * (view.Flip ? 2 : 1);

    /// <summary>
    /// Logits of the only view, or mean probabilities of several, <c>[1, K, h, w]</c>, at the resolution of the first view.
    /// </summary>
    Tensor Scores(Image image)
    {
        Tensor? sum = null;
        foreach (double scale in view.Scales)
        {
            (int width, int height) = SizeOf(image, scale);
            Tensor pixels = Pixels(image, width, height); // [1, C, h, w]
            for (int turn = 0; turn < (view.Flip ? 2 : 1); turn++)
            {
                Tensor scores = Windowed(turn == 0 ? pixels : pixels.Flip(3).Contiguous(format)); // [1, K, h', w']
                if (turn == 1) scores = scores.Flip(3);
                if (Views == 1) return scores;
                if (sum is not null) scores = scores.ResampleBilinear(sum.Shape[2], sum.Shape[3]);
                scores = scores.Softmax(1);
                sum = sum is null ? scores : sum + scores;
            }
        }
        return sum! / Views;
    }

    (int Width, int Height) SizeOf(Image image, double scale)
    {
        bool squashes = preprocess.ResizeMode is ResizeMode.Exact or ResizeMode.Border;
        (int width, int height) = view.Window is not null && squashes ? (image.Width, image.Height)
            : preprocess.ResizedSize(image.Width, image.Height);
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    Tensor Pixels(Image image, int width, int height)
    {
        Preprocess sized = preprocess with { Width = width, Height = height };
        var values = new float[(long)sized.Channels * width * height];
        if (image.Width == width && image.Height == height) sized.Normalize(image, values);
        else
        {
            using Image resized = Resize.Apply(image, width, height, preprocess.Interpolation);
            sized.Normalize(resized, values);
        }
        return Tensor.FromArray(values, [1, sized.Channels, height, width]).To(device).Contiguous(format);
    }

    /// <summary>Logits <c>[1, K, h, w]</c> of the whole, at the model's resolution; of windows, at that of the pixels.</summary>
    Tensor Windowed(Tensor pixels)
    {
        int height = (int)pixels.Shape[2], width = (int)pixels.Shape[3];
        WindowPlan down = WindowPlan.Of(height, view.Window, view.Overlap);
        WindowPlan across = WindowPlan.Of(width, view.Window, view.Overlap);
        if (down.Starts.Count * across.Starts.Count == 1) return logits(pixels).To(DType.Float32);
        Tensor weight = Tensor.FromArray(down.Weights, [down.Length, 1]) * Tensor.FromArray(across.Weights, [1, across.Length]);
        weight = weight.To(device);
        Tensor? sum = null;
        Tensor total = Tensor.Zeros([1, 1, height, width], device: device);
        foreach (int top in down.Starts)
            foreach (int left in across.Starts)
            {
                using var scope = new TensorScope();
                Tensor window = pixels.Slice(2, top, top + down.Length).Slice(3, left, left + across.Length).Contiguous(format);
                Tensor scores = logits(window).To(DType.Float32);
                if (scores.Shape[2] != down.Length || scores.Shape[3] != across.Length)
                    scores = scores.ResampleBilinear(down.Length, across.Length);
                sum ??= scope.Keep(Tensor.Zeros([1, scores.Shape[1], height, width], device: device));
                Place(sum, top, left).Add_(scores * weight);
                Place(total, top, left).Add_(weight);
            }
        return sum! / total;

        Tensor Place(Tensor map, int top, int left) =>
            map.Slice(2, top, top + down.Length).Slice(3, left, left + across.Length);
    }
}
