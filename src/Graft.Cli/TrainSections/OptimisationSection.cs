using System.CommandLine;
using System.Globalization;
using Graft.Nn;

namespace Graft.Cli.TrainSections;

/// <summary>The optimiser, its rates over time, the loss, what is done to gradients, adapters.</summary>
sealed class OptimisationSection : ITrainSection
{
    static readonly OptimisationSettings defaults = new();

    readonly Option<string> optimizer = MakeOption.Choice("--optimizer", OptimizerList.Names,
        "what moves the weights; the default rate fits it");
    readonly Option<string?> schedule = MakeOption.Text("--schedule", "NAME[:K=V,..]",
        $"how the rate moves: {string.Join(", ", ScheduleList.Names)}; with parameters, as step:every=3,gamma=0.5 " +
        $"(docs/recipes-training.md has them) [{defaults.Schedule}]");
    readonly Option<double?> warmup = MakeOption.Real("--warmup-epochs",
        "epochs in which the rate rises first [none for onecycle, plateau and constant, else a tenth]", minimum: 0);
    readonly Option<double?> momentum = MakeOption.Real("--momentum",
        "the momentum, or Adam's beta1 [0.9; with onecycle 0.95 down to 0.85 and back]", 0, 0.9999);
    readonly Option<RealList?> betas = MakeOption.Reals("--betas", "B1,B2",
        "Adam's and LAMB's betas; --momentum and the decay of mean squares at once [0.9,0.99; lamb 0.9,0.999]", count: 2);
    readonly Option<double?> eps = MakeOption.Real("--eps",
        "added to the root of the mean square [as the optimiser's origin]", 0, 1);
    readonly Option<double?> layerDecay = MakeOption.Real("--layer-decay",
        "the factor on the rate from each block of layers to the one before it, in place of --lr-spread; 0.65 to 0.8 is usual " +
        "[none]", 0, 1);
    readonly Option<bool> gradual = MakeOption.Flag("--gradual-unfreeze",
        "free the layer groups one by one, from the last, in equal parts of the epochs");
    readonly Option<double?> clipNorm = MakeOption.Real("--clip-norm",
        "the most that the norm of all gradients may be; longer ones are scaled down [any]", 0);
    readonly Option<double?> clipValue = MakeOption.Real("--clip-value",
        "the most that any element of a gradient may be; larger ones are cut [any]", 0);
    readonly Option<int?> accumulate = MakeOption.Number("--accumulate",
        $"batches whose gradients make one step [{defaults.AccumulateSteps}]", minimum: 1);
    readonly Option<string?> ema = OptionalValueOption.Of("--ema", "DECAY", "0.9998",
        word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        "keep a running mean of the weights, and measure and save it in their place; alone, with timm's decay of 0.9998");
    readonly Option<string?> loss = MakeOption.Text("--loss", "NAME[+W*NAME..]",
        $"what is made small: {string.Join(", ", LossList.Names)}; for masks {string.Join(", ", LossList.MaskNames)}; " +
        "sums such as ce+0.5*dice [auto: crossentropy, bce for several labels, mse for numbers]");
    readonly Option<double?> gamma = MakeOption.Real("--focal-gamma", FormattableString.Invariant(
        $"with --loss focal: how strongly what is right already is left alone [{defaults.FocalGamma}]"), 0, 99);
    readonly Option<string> balance = MakeOption.Choice("--balance", ["auto", "none", "weights", "median", "sampler"],
        "for classes with few images (of masks: pixels): weights in the loss, for masks also by median frequency, or drawing " +
        "them more often; auto weights images mildly from 10:1 on");
    readonly Option<int?> nonFinite = MakeOption.Number("--max-nonfinite",
        $"give up after that many batches in a row whose loss is no number [{defaults.NonFiniteLimit}]", minimum: 1);
    readonly Option<int?> lora = MakeOption.Number("--lora",
        "train low-rank adapters of that rank beside the frozen layers, and add them into the weights in the end [none]",
        minimum: 1);
    readonly Option<double?> loraAlpha = MakeOption.Real("--lora-alpha",
        "with --lora: adapters are scaled by this over their rank [the rank]", 0);
    readonly Option<double?> loraDropout = MakeOption.Real("--lora-dropout",
        "with --lora: the share of their input that adapters drop [0]", 0, 0.99);
    readonly Option<string?> loraTargets = MakeOption.Text("--lora-targets", "PATTERNS",
        "with --lora: which layers, such as attn.qkv,*.mlp.fc1 [attentions; without any, all linear and 1x1 layers]");

    public string Title => "Optimisation";

    public IReadOnlyList<Option> Options =>
    [
        optimizer, schedule, warmup, momentum, betas, eps, layerDecay, gradual, clipNorm, clipValue, accumulate, ema, loss, gamma,
        balance, nonFinite, lora, loraAlpha, loraDropout, loraTargets,
    ];

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        IReadOnlyList<double>? both = arguments.GetValue(betas)?.Values;
        if (both is not null && arguments.GetValue(momentum) is not null)
            throw new UsageException("train: --betas and --momentum both say the momentum: give one.");
        if (both is not null && arguments.GetValue(optimizer) is "sgd" or "rmsprop" or "rmsprop_tf")
            throw new UsageException(
                $"train: --betas are Adam's and LAMB's, not {arguments.GetValue(optimizer)}'s: use --momentum.");
        string chosen = Loss(arguments.GetValue(loss));
        if (arguments.GetValue(gamma) is not null && !chosen.Contains("focal", StringComparison.Ordinal))
            throw new UsageException("train: --focal-gamma belongs to --loss focal.");
        CheckSchedule(arguments.GetValue(schedule));
        return config with
        {
            Optimisation = config.Optimisation with
            {
                Optimizer = arguments.GetValue(optimizer)!,
                Schedule = arguments.GetValue(schedule) ?? defaults.Schedule,
                WarmupEpochs = arguments.GetValue(warmup),
                Momentum = both?[0] ?? arguments.GetValue(momentum),
                Beta2 = both?[1],
                Eps = arguments.GetValue(eps),
                LayerDecay = arguments.GetValue(layerDecay),
                GradualUnfreeze = arguments.GetValue(gradual),
                GradientClipNorm = arguments.GetValue(clipNorm),
                GradientClipValue = arguments.GetValue(clipValue),
                AccumulateSteps = arguments.GetValue(accumulate) ?? defaults.AccumulateSteps,
                EmaDecay = Decay(arguments.GetValue(ema)),
                Loss = chosen,
                FocalGamma = arguments.GetValue(gamma) ?? defaults.FocalGamma,
                Balance = Enum.Parse<BalanceKind>(arguments.GetValue(balance)!, ignoreCase: true),
                NonFiniteLimit = arguments.GetValue(nonFinite) ?? defaults.NonFiniteLimit,
            },
            Lora = Adapters(arguments),
        };
    }

    static double? Decay(string? word)
    {
        if (word is null) return null;
        bool parsed = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double decay);
        return parsed && decay is > 0 and < 1 ? decay
            : throw new UsageException($"train: --ema: expected a decay between 0 and 1, came '{word}'.");
    }

    static string Loss(string? given)
    {
        if (given is null or "auto") return "auto";
        try
        {
            LossList.Check(given);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"train: --{error.Message.Split(" (Parameter")[0]}");
        }
        return given;
    }

    static void CheckSchedule(string? given)
    {
        try
        {
            if (given is not null) ScheduleList.Parse(given);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"train: --schedule: {error.Message.Split(" (Parameter")[0]}");
        }
    }

    LoraSettings Adapters(ParseResult arguments)
    {
        if (arguments.GetValue(lora) is { } rank)
            return new LoraSettings
            {
                Rank = rank,
                Alpha = arguments.GetValue(loraAlpha),
                Dropout = arguments.GetValue(loraDropout) ?? 0,
                Targets = arguments.GetValue(loraTargets)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            };
        Option? alone = ((Option[])[loraAlpha, loraDropout, loraTargets])
            .FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false });
        if (alone is not null) throw new UsageException($"train: {alone.Name} says more about --lora R: give it too.");
        return new LoraSettings();
    }
}
