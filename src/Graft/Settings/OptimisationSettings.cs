using Graft.Nn;
using Graft.Training;

namespace Graft;

/// <summary>How a training job makes its loss smaller: the optimiser, its rates over time, the loss, and what is done to
/// gradients.</summary>
public sealed record OptimisationSettings
{
    /// <summary>The optimiser: <c>adamw</c>, <c>adam</c>, <c>sgd</c> (Nesterov), <c>rmsprop</c>, <c>rmsprop_tf</c>,
    /// <c>lamb</c>; see <see cref="OptimizerList"/>.</summary>
    /// <value><c>adamw</c></value>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The momentum: Adam's beta1. Given, it stays the same; else one-cycle moves it.</summary>
    /// <value>null: 0.95 down to 0.85 and back with <c>onecycle</c> (not for RMSprop), else 0.9</value>
    public double? Momentum { get; init; }

    /// <summary>
    /// Whether the highest rate is looked for before training (<see cref="LearningRateFinder"/>, its valley) on the phase that
    /// trains the most; not together with a rate that is given.
    /// </summary>
    /// <value>false</value>
    public bool FindRate { get; init; }

    /// <summary>What <see cref="FindRate"/> has found, so that a run that is taken up again need not look once more.</summary>
    /// <value>null: nothing yet</value>
    public double? FoundRate { get; init; }

    /// <summary>The decay of the mean of squared gradients: Adam's and LAMB's beta2, RMSprop's alpha.</summary>
    /// <value>null: 0.99, as fastai's Adam and PyTorch's RMSprop; LAMB 0.999</value>
    public double? Beta2 { get; init; }

    /// <summary>Added to the root of the mean square.</summary>
    /// <value>null: 1e-5 for Adam and AdamW, as fastai; RMSprop 1e-8, LAMB 1e-6</value>
    public double? Eps { get; init; }

    /// <summary>
    /// How the rate moves: <c>onecycle</c>, <c>cosine</c>, <c>linear</c>, <c>poly</c>, <c>step</c>, <c>multistep</c>,
    /// <c>exponential</c>, <c>plateau</c>, <c>constant</c>; with parameters such as <c>step:every=3,gamma=0.5</c>, see
    /// <see cref="ScheduleList"/>.
    /// </summary>
    /// <value><c>onecycle</c></value>
    public string Schedule { get; init; } = "onecycle";

    /// <summary>Epochs, or a part of one, in which the rate rises in a straight line before the schedule begins.</summary>
    /// <value>null: none for one-cycle, which rises by itself; else a tenth of the phase</value>
    public double? WarmupEpochs { get; init; }

    /// <summary>
    /// The factor on the rate from each block of layers to the one before it, counted from the head. Bao et al. 2021,
    /// arXiv:2106.08254.
    /// </summary>
    /// <value>null: none; fine-tuning spreads its rates over layer groups instead</value>
    public double? LayerDecay { get; init; }

    /// <summary>
    /// Whether the layer groups are freed one by one, from the last, in equal parts of the epochs. Howard and Ruder 2018,
    /// arXiv:1801.06146.
    /// </summary>
    /// <value>false</value>
    public bool GradualUnfreeze { get; init; }

    /// <summary>The most that the norm of all gradients together may be; longer ones are scaled down.</summary>
    /// <value>null: any</value>
    public double? GradientClipNorm { get; init; }

    /// <summary>The most that the size of any gradient's element may be; larger ones are cut.</summary>
    /// <value>null: any</value>
    public double? GradientClipValue { get; init; }

    /// <summary>Batches whose gradients are averaged into one step.</summary>
    /// <value>1</value>
    public int AccumulateSteps { get; init; } = 1;

    /// <summary>Steps in a row with a loss that is no number, after which training gives up.</summary>
    /// <value>5</value>
    public int NonFiniteLimit { get; init; } = 5;

    /// <summary>
    /// The decay of a running mean of the weights, which is evaluated and saved in their place; timm trains with 0.9998. In the
    /// first n steps it is at most (1 + n) / (10 + n), so that short runs have something of it too.
    /// </summary>
    /// <value>null: none is kept</value>
    public double? EmaDecay { get; init; }

    /// <summary>
    /// The loss: <c>auto</c>, <c>crossentropy</c>, <c>bce</c> (each class for itself), <c>focal</c>; for numbers <c>mse</c>,
    /// <c>l1</c>, <c>huber</c>; for masks <c>ce</c>, <c>focal</c>, <c>dice</c>, <c>tversky</c>, <c>lovasz</c>. Sums with weights
    /// and parameters: <c>ce+0.5*dice</c>, see <see cref="LossList"/>.
    /// </summary>
    /// <value><c>auto</c>: cross-entropy for one label, bce for several, mse for numbers</value>
    public string Loss { get; init; } = "auto";

    /// <summary>For the focal loss: how strongly what is right already is left alone. Lin et al. 2017,
    /// arXiv:1708.02002.</summary>
    /// <value>2</value>
    public double FocalGamma { get; init; } = 2;

    /// <summary>What is done about classes of which there are few training images.</summary>
    /// <value><see cref="BalanceKind.Auto"/></value>
    public BalanceKind Balance { get; init; } = BalanceKind.Auto;

    /// <summary>
    /// How much larger the default rate is than AdamW's: SGD's moves are as small as the gradients, LAMB's are shares of the
    /// weights, RMSprop's momentum adds up ten of them.
    /// </summary>
    internal double RateFactor => Optimizer switch
    {
        "sgd" => 20,
        "lamb" => 4,
        "rmsprop" or "rmsprop_tf" => 0.2,
        _ => 1,
    };

    /// <summary>Checks that every value lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which, and what is allowed.</exception>
    public void Validate()
    {
        OptimizerList.Check(Optimizer);
        ScheduleList.Parse(Schedule);
        if (Loss != "auto") LossList.Check(Loss);
        Require(Momentum is null or (>= 0 and < 1), $"momentum: expected from 0 to below 1, came {Momentum}.");
        Require(Beta2 is null or (>= 0 and < 1), $"beta2: expected from 0 to below 1, came {Beta2}.");
        Require(Eps is null or (> 0 and < 1), $"eps: expected between 0 and 1, came {Eps}.");
        Require(WarmupEpochs is null or (>= 0 and < 1e6), $"warm-up epochs: expected at least 0, came {WarmupEpochs}.");
        Require(FoundRate is null or > 0, $"found rate: expected above 0, came {FoundRate}.");
        Require(LayerDecay is null or (> 0 and <= 1), $"layer decay: expected above 0, at most 1, came {LayerDecay}.");
        Require(GradientClipNorm is null or > 0, $"clip norm: expected above 0, came {GradientClipNorm}.");
        Require(GradientClipValue is null or > 0, $"clip value: expected above 0, came {GradientClipValue}.");
        Require(AccumulateSteps >= 1, $"batches to accumulate: expected at least 1, came {AccumulateSteps}.");
        Require(NonFiniteLimit >= 1, $"steps without a finite loss: expected at least 1, came {NonFiniteLimit}.");
        Require(EmaDecay is null or (> 0 and < 1), $"EMA decay: expected between 0 and 1, came {EmaDecay}.");
        Require(FocalGamma is >= 0 and < 100, $"focal gamma: expected at least 0, came {FocalGamma}.");
        Require(Enum.IsDefined(Balance), $"balance: expected auto, none, weights, median or sampler, came {(int)Balance}.");
    }

    static void Require(bool holds, FormattableString message)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(message));
    }
}
