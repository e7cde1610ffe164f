using System.CommandLine;

namespace Graft.Cli.TrainSections;

/// <summary>How training images are changed and mixed.</summary>
sealed class AugmentationSection : ITrainSection
{
    readonly AugmentationOptions options = new();

    public string Title => "Augmentation";

    public IReadOnlyList<Option> Options => options.All;

    public JobConfig Apply(ParseResult arguments, JobConfig config) => config with
    {
        Augment = options.Augment(arguments) ?? config.Augment,
        Augmentation = options.Read(arguments, config.Augmentation, "train"),
    };
}
