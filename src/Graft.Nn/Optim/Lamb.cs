using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Adam whose move of each parameter is as long as the rate times the parameter's own norm, for large batches. You et al. 2019,
/// arXiv:1904.00962. Arithmetic and defaults are timm's: gradients are first clipped by their norm together, both means are
/// corrected for their start, decay * weight is part of the move, and what is not decayed moves as Adam moves it.
/// </summary>
public sealed class Lamb : AdamOptimizer
{
    double clip = 1;

    /// <summary>An optimiser of these groups, by default with timm's betas and eps.</summary>
    /// <param name="groups">parameters with their rates and decays</param>
    /// <param name="beta1">the decay of the mean of gradients</param>
    /// <param name="beta2">the decay of the mean of squared gradients</param>
    /// <param name="eps">added to the root of the mean square</param>
    public Lamb(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-6)
        : base(groups, beta1, beta2, eps) { }

    /// <summary>An optimiser of one group, by default with timm's rate and decay.</summary>
    public Lamb(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double weightDecay = 1e-2)
        : this([new ParameterGroup("all", parameters, learningRate, weightDecay)]) { }

    /// <summary>The most that the norm of all gradients together counts; the gradients themselves stay as they are.</summary>
    /// <value>1; null: any</value>
    public double? MaxGradientNorm { get; init; } = 1;

    /// <summary>Whether no move is longer than Adam's (timm's trust_clip).</summary>
    /// <value>false</value>
    public bool ClipsTrust { get; init; }

    /// <summary>Whether what is not decayed is moved by its own norm too (timm's always_adapt).</summary>
    /// <value>false</value>
    public bool AdaptsAll { get; init; }

    private protected override void Begin(IReadOnlyList<Block> blocks)
    {
        clip = 1;
        if (MaxGradientNorm is not { } most) return;
        double sum = 0;
        foreach (Block block in blocks)
        {
            using var scope = new TensorScope();
            double norm = Tensor.Stack(Foreach.Norm(block.Gradients)).Norm().Item<float>();
            sum += norm * norm;
        }
        clip = Math.Min(1, most / Math.Sqrt(sum)); // NaN stays NaN
    }

    private protected override void Update(Block block)
    {
        Tensor[] gradients = clip == 1 ? block.Gradients : Foreach.Mul(block.Gradients, block.Each((_, _) => clip));
        Track(block, gradients);
        Tensor[] roots = Foreach.Sqrt(block.States[1]);
        Foreach.Mul_(roots, block.Each((_, steps) => 1 / Math.Sqrt(1 - Math.Pow(Beta2, steps))));
        Foreach.Add_(roots, Eps);
        Tensor[] moves = Foreach.Mul(block.Values, block.Each((group, _) => group.WeightDecay));
        Foreach.AddCDiv_(moves, block.States[0], roots, block.Each((_, steps) => 1 / (1 - Math.Pow(Beta1, steps))));
        AddScaled(block.Values, moves, Steps(block, moves));
    }

    /// <summary>The factor on each parameter's move: its rate, times how much longer the parameter is than the move.</summary>
    double[] Steps(Block block, Tensor[] moves)
    {
        float[] lengths = Tensor.Stack(Foreach.Norm(block.Values)).ToArray<float>();
        float[] moved = Tensor.Stack(Foreach.Norm(moves)).ToArray<float>();
        double[] steps = block.Each((group, _) => -group.LearningRate);
        double[] decays = block.Each((group, _) => group.WeightDecay);
        for (int i = 0; i < steps.Length; i++)
        {
            if (decays[i] == 0 && !AdaptsAll) continue;
            double trust = lengths[i] > 0 && moved[i] > 0 ? lengths[i] / moved[i] : 1;
            steps[i] *= ClipsTrust ? Math.Min(trust, 1) : trust;
        }
        return steps;
    }
}
