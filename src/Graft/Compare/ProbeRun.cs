using Graft.Training;

namespace Graft;

/// <summary>Cross-validates both probes on the features of one backbone.</summary>
/// <param name="features">of all images</param>
/// <param name="folds">the fold of each image</param>
/// <param name="classes">the number of classes</param>
/// <param name="seed">decides what settings are chosen by</param>
sealed class ProbeRun(Features features, int[] folds, int classes, ulong seed)
{
    const double Tolerance = 1e-4;

    readonly bool[] byNeighbours = new bool[features.Count], byLine = new bool[features.Count];
    readonly List<double> neighbours = [], strengths = [];

    /// <summary>Which images the linear probe told right that had not seen them.</summary>
    public IReadOnlyList<bool> Answers => byLine;

    public ProbeScore Neighbours => new(byNeighbours.Count(right => right), features.Count, neighbours);

    public ProbeScore Linear => new(byLine.Count(right => right), features.Count, strengths);

    /// <summary>Runs every fold.</summary>
    public void Run(CancellationToken cancellation)
    {
        foreach (int fold in folds.Distinct().Order())
        {
            cancellation.ThrowIfCancellationRequested();
            int[] held = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
            int[] known = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)];
            AskNeighbours(held, known);
            AskLine(held, known, cancellation);
        }
    }

    void AskNeighbours(int[] held, int[] known)
    {
        int k = NeighbourProbe.ChooseK(features, known, classes);
        neighbours.Add(k);
        (int Sample, float Cosine)[][] nearest = NeighbourProbe.Nearest(features, held, known, k);
        for (int i = 0; i < held.Length; i++)
            byNeighbours[held[i]] = NeighbourProbe.Vote(nearest[i], features.Labels, classes, k) == features.Labels[held[i]];
    }

    void AskLine(int[] held, int[] known, CancellationToken cancellation)
    {
        double c = LogisticProbe.ChooseC(features, known, classes, seed, cancellation);
        strengths.Add(c);
        var probe = LogisticProbe.Fit(features, known, classes, c, tolerance: Tolerance, cancellation: cancellation);
        float[][] logits = probe.Logits(features, held);
        for (int i = 0; i < held.Length; i++) byLine[held[i]] = Logits.ArgMax(logits[i]) == features.Labels[held[i]];
    }
}
