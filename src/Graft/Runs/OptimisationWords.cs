using System.Globalization;
using System.Text;

namespace Graft;

/// <summary>The options of <c>graft train</c> that say what <see cref="OptimisationSettings"/> and <see cref="LoraSettings"/>
/// say.</summary>
static class OptimisationWords
{
    /// <summary>Those that differ from the defaults, each after a space.</summary>
    public static string Of(JobConfig config)
    {
        OptimisationSettings its = config.Optimisation, usual = new();
        var line = new StringBuilder();
        void Put(FormattableString text) => line.Append(text.ToString(CultureInfo.InvariantCulture));
        if (its.Optimizer != usual.Optimizer) Put($" --optimizer {its.Optimizer}");
        if (its.Schedule != usual.Schedule) Put($" --schedule {its.Schedule}");
        if (its.WarmupEpochs is { } warmup) Put($" --warmup-epochs {warmup}");
        if (its.Beta2 is { } beta2) Put($" --betas {its.Momentum ?? 0.9},{beta2}");
        else if (its.Momentum is { } momentum) Put($" --momentum {momentum}");
        if (its.Eps is { } eps) Put($" --eps {eps}");
        if (its.LayerDecay is { } decay) Put($" --layer-decay {decay}");
        if (its.GradualUnfreeze) Put($" --gradual-unfreeze");
        if (its.GradientClipNorm is { } norm) Put($" --clip-norm {norm}");
        if (its.GradientClipValue is { } value) Put($" --clip-value {value}");
        if (its.AccumulateSteps != usual.AccumulateSteps) Put($" --accumulate {its.AccumulateSteps}");
        if (its.EmaDecay is { } ema) Put($" --ema {ema}");
        if (its.Loss != usual.Loss) Put($" --loss {its.Loss}");
        if (its.FocalGamma != usual.FocalGamma && its.Loss == "focal") Put($" --focal-gamma {its.FocalGamma}");
        if (its.Balance != usual.Balance) Put($" --balance {its.Balance.ToString().ToLowerInvariant()}");
        if (its.NonFiniteLimit != usual.NonFiniteLimit) Put($" --max-nonfinite {its.NonFiniteLimit}");
        if (!config.Lora.IsOn) return line.ToString();
        Put($" --lora {config.Lora.Rank}");
        if (config.Lora.Alpha is { } alpha) Put($" --lora-alpha {alpha}");
        if (config.Lora.Dropout > 0) Put($" --lora-dropout {config.Lora.Dropout}");
        if (config.Lora.Targets.Count > 0) Put($" --lora-targets '{string.Join(',', config.Lora.Targets)}'");
        return line.ToString();
    }
}
