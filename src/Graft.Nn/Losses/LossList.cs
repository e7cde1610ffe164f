namespace Graft.Nn;

/// <summary>Every loss that can be chosen by name.</summary>
public static class LossList
{
    /// <summary>The names: the first three for classes, the others for numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["crossentropy", "bce", "focal", "mse", "l1", "huber"];

    /// <summary>Makes a loss.</summary>
    /// <param name="name">
    /// <c>crossentropy</c>: of classes that exclude each other; <c>bce</c>: of each class for itself; <c>focal</c>: either, with
    /// little weight on what is right already; for numbers <c>mse</c>, <c>l1</c>, <c>huber</c>
    /// </param>
    /// <param name="options">what differs from the defaults</param>
    /// <exception cref="ArgumentException">There is no loss of that name, or it can't take what was said.</exception>
    public static ILoss Make(string name, LossOptions? options = null)
    {
        options ??= new LossOptions();
        switch (name)
        {
            case "crossentropy" when options.Several:
                throw new ArgumentException("loss crossentropy: expected one label an image, came several. Use bce or focal.");
            case "crossentropy":
                return new CrossEntropyLoss(options.ClassWeights) { LabelSmoothing = options.LabelSmoothing };
            case "bce":
                return new BinaryCrossEntropyLoss(options.ClassWeights) { LabelSmoothing = options.LabelSmoothing };
            case "focal":
                return new FocalLoss(options.ClassWeights)
                {
                    Gamma = options.FocalGamma,
                    LabelSmoothing = options.LabelSmoothing,
                    Several = options.Several,
                };
            case "mse": return new NumberLoss(NumberLossKind.Squared);
            case "l1": return new NumberLoss(NumberLossKind.Absolute);
            case "huber": return new NumberLoss(NumberLossKind.Huber);
            default:
                throw new ArgumentException($"loss: expected one of {string.Join(", ", Names)}, came '{name}'.", nameof(name));
        }
    }

    /// <summary>Whether a loss is for numbers, not for classes.</summary>
    public static bool IsForNumbers(string name) => name is "mse" or "l1" or "huber";
}
