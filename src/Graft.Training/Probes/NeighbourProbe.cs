using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// The k-nearest-neighbour classifier by the angle between features: no training, and so a plain measure of how well a
/// backbone's features keep classes apart. The classes of the k nearest decide by majority; of equal ones, the class whose
/// neighbours are nearer.
/// </summary>
public static class NeighbourProbe
{
    const int BlockRows = 1024;

    /// <summary>The numbers of neighbours to choose from.</summary>
    public static IReadOnlyList<int> Choices { get; } = [1, 3, 5, 10, 20];

    /// <summary>The nearest samples of a set for each of some samples, nearest first.</summary>
    /// <param name="queries">samples</param>
    /// <param name="known">the set; a query itself is not its own neighbour</param>
    /// <param name="features">where both come from</param>
    /// <param name="count">how many neighbours at most</param>
    /// <returns>for each query, samples and the cosines of their angles</returns>
    public static (int Sample, float Cosine)[][] Nearest(
        Features features, IReadOnlyList<int> queries, IReadOnlyList<int> known, int count)
    {
        (int Sample, float Cosine)[][] nearest = new (int, float)[queries.Count][];
        using var scope = new TensorScope();
        Tensor set = Unit(features, known).Transpose(0, 1); // [D, M]
        for (int start = 0; start < queries.Count; start += BlockRows)
        {
            int rows = Math.Min(BlockRows, queries.Count - start);
            float[] cosines; // [rows, M]
            using (var inner = new TensorScope())
                cosines = Unit(features, [.. queries.Skip(start).Take(rows)]).MatMul(set).ToArray<float>();
            for (int i = 0; i < rows; i++)
                nearest[start + i] = Best(cosines.AsSpan(i * known.Count, known.Count), known, queries[start + i], count);
        }
        return nearest;
    }

    /// <summary>What the first k of some neighbours say.</summary>
    /// <param name="neighbours">nearest first</param>
    /// <param name="labels">the class of each sample</param>
    /// <param name="classes">the number of classes</param>
    /// <param name="k">how many of them count; all where there are fewer</param>
    public static int Vote(
        IReadOnlyList<(int Sample, float Cosine)> neighbours, IReadOnlyList<int> labels, int classes, int k)
    {
        Span<int> votes = classes <= 1024 ? stackalloc int[classes] : new int[classes];
        Span<double> cosines = classes <= 1024 ? stackalloc double[classes] : new double[classes];
        for (int i = 0; i < Math.Min(k, neighbours.Count); i++)
        {
            int label = labels[neighbours[i].Sample];
            votes[label]++;
            cosines[label] += neighbours[i].Cosine;
        }
        int best = 0;
        for (int c = 1; c < classes; c++)
            if (votes[c] > votes[best] || (votes[c] == votes[best] && cosines[c] > cosines[best])) best = c;
        return best;
    }

    /// <summary>The number of neighbours with which most samples of a set are told right by the others of it.</summary>
    public static int ChooseK(Features features, IReadOnlyList<int> known, int classes)
    {
        (int Sample, float Cosine)[][] nearest = Nearest(features, known, known, Choices[^1]);
        return Choices.MaxBy(k => Enumerable.Range(0, known.Count).Count(
            i => Vote(nearest[i], features.Labels, classes, k) == features.Labels[known[i]]));
    }

    static (int, float)[] Best(ReadOnlySpan<float> cosines, IReadOnlyList<int> known, int query, int count)
    {
        List<(int Sample, float Cosine)> best = new(count + 1);
        for (int j = 0; j < cosines.Length; j++)
        {
            if (known[j] == query || (best.Count == count && !(cosines[j] > best[^1].Cosine))) continue;
            int at = best.Count;
            while (at > 0 && cosines[j] > best[at - 1].Cosine) at--;
            best.Insert(at, (known[j], cosines[j]));
            if (best.Count > count) best.RemoveAt(count);
        }
        return [.. best];
    }

    /// <summary>Rows of length 1, [N, D]; a row of zeros stays one.</summary>
    static Tensor Unit(Features features, IReadOnlyList<int> samples)
    {
        int width = features.Width;
        float[] values = new float[(long)samples.Count * width];
        for (int i = 0; i < samples.Count; i++)
        {
            ReadOnlySpan<float> row = features.Row(samples[i]);
            double square = 0;
            foreach (float value in row) square += (double)value * value;
            float scale = square > 0 ? (float)(1 / Math.Sqrt(square)) : 0;
            Span<float> to = values.AsSpan(i * width, width);
            for (int d = 0; d < width; d++) to[d] = row[d] * scale;
        }
        return Tensor.FromArray(values, [samples.Count, width]);
    }
}
