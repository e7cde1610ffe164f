using Graft.Data;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>What a training job does differently for several labels and for numbers.</summary>
static class JobTask
{
    /// <summary>What a model's outputs mean after learning such labels.</summary>
    public static ProblemType ProblemOf(LabelKind kind) => kind switch
    {
        LabelKind.Multiple => ProblemType.MultiLabel,
        LabelKind.Number => ProblemType.Regression,
        _ => ProblemType.SingleLabel,
    };

    /// <summary>What is known of the images that a model was trained on.</summary>
    public static LabelKind KindOf(ProblemType problem) => problem switch
    {
        ProblemType.MultiLabel => LabelKind.Multiple,
        ProblemType.Regression => LabelKind.Number,
        _ => LabelKind.Single,
    };

    /// <summary>Readies a model with a new head for its task; numbers are learned in units of their deviation.</summary>
    /// <exception cref="ArgumentException">The head can't give such outputs.</exception>
    public static void Prepare(ImageModel model, ImageDataset training)
    {
        if (training.Kind == LabelKind.Single) return;
        string what = training.Kind == LabelKind.Number ? "numbers" : "several labels";
        if (model.Head!.TakesMap)
            throw new ArgumentException(
                $"head: the own head of {model.FullName} rectifies its outputs, which {what} must not be. Use --head linear.");
        model.Task = new ModelTask { Problem = ProblemOf(training.Kind) };
        if (training.Kind != LabelKind.Number) return;
        if (!model.Head.EndsLinear)
            throw new ArgumentException(
                "head: for numbers it has to end in a linear layer with a bias, which this one does not. Use --head linear.");
        model.OutputScale = OutputScale.Of([.. training.Samples.Select(sample => sample.Targets!)]);
    }

    /// <summary>
    /// The loss of a task: numbers are compared in units of their deviation over the training images, so that neither rates nor
    /// losses depend on whether a length comes in metres or millimetres.
    /// </summary>
    public static Func<Tensor, Tensor, Tensor> Loss(ILoss loss, OutputScale? scale) => scale is null ? loss.Compute
        : (outputs, targets) =>
        {
            using var scope = new TensorScope();
            return scope.Keep(loss.Compute(scale.Divide(outputs), scale.Divide(targets)));
        };

    /// <summary>Refuses to mix images of which the labels can't be mixed.</summary>
    /// <exception cref="ArgumentException">They are numbers: between two images nothing has the number in between.</exception>
    public static void CheckMixing(AugmentationSettings augmentation, LabelKind kind)
    {
        if (kind == LabelKind.Number && augmentation.Mixes)
            throw new ArgumentException("mixup, cutmix: numbers of mixed images mean nothing. Leave both out for numbers.");
    }

    /// <summary>Says what may surprise: labels that never occur on one side.</summary>
    public static void Tell(ImageDataset training, ImageDataset validation, Action<string> note)
    {
        if (training.Kind == LabelKind.Number) return;
        foreach ((ImageDataset set, string consequence) in new[]
        {
            (training, "can't be learned"),
            (validation, "is not measured"),
        })
        {
            int[] counts = set.CountsByClass();
            string[] absent = [.. set.Classes.Where((_, i) => counts[i] == 0)];
            if (absent.Length == 0) continue;
            string where = ReferenceEquals(set, training) ? "training" : "validation";
            const int Shown = 5;
            string more = absent.Length > Shown ? $" and {absent.Length - Shown} more" : "";
            note($"no {where} image of {string.Join(", ", absent.Take(Shown))}{more}: what never occurs {consequence}");
        }
    }

    /// <summary>
    /// When training is over: the units of numbers go into the head, and with them its outputs are the model's.
    /// </summary>
    public static void Finish(ImageModel model) => model.FoldOutputScale();

    /// <summary>Chooses the thresholds of several labels on what the model makes of validation images.</summary>
    public static void TuneThresholds(ImageModel model, IReadOnlyList<SampleResult> samples) => model.Task = model.Task with
    {
        Thresholds = F1Thresholds.Choose(
            [.. samples.Select(sample => sample.Outputs!)], [.. samples.Select(sample => sample.Targets!)]),
    };
}
