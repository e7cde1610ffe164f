using System.CommandLine;
using Graft.Torch;

namespace Graft.Cli.TrainSections;

/// <summary>The type in which layers multiply.</summary>
sealed class PrecisionSection : ITrainSection
{
    readonly Option<string> precision = MakeOption.Choice("--precision", PrecisionOption.Names,
        "the type of products: auto (bf16 on a CPU with matrix tiles for it, else fp32), fp32, bf16, or fp16 with scaled " +
        "losses (GPUs only); weights and what is measured are fp32 with all of them");

    public string Title => "Precision";

    public IReadOnlyList<Option> Options => [precision];

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        PrecisionKind kind = PrecisionOption.Parse(arguments.GetValue(precision)!);
        if (kind == PrecisionKind.Fp16 && Device.Parse(config.Device).IsCpu)
            throw new UsageException(
                "train: --precision fp16: expected a GPU, came cpu, whose products don't take float16. Use bf16 or fp32.");
        return config with { Precision = kind };
    }
}
