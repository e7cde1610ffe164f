namespace Graft.Nn;

/// <summary>Every loss that can be chosen by name, alone or in a sum: <c>ce+0.5*dice</c>.</summary>
public static class LossList
{
    /// <summary>The names for whole images: the first three for classes, the others for numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["crossentropy", "bce", "focal", "mse", "l1", "huber"];

    /// <summary>The names for masks; <c>ce</c> is short for <c>crossentropy</c>.</summary>
    public static IReadOnlyList<string> MaskNames { get; } = ["crossentropy", "dice", "tversky", "focal", "lovasz"];

    /// <summary>Makes a loss.</summary>
    /// <param name="name">
    /// <c>crossentropy</c> or <c>ce</c>: of classes that exclude each other; <c>bce</c>: of each class for itself; <c>focal</c>:
    /// either, with little weight on what is right already; for numbers <c>mse</c>, <c>l1</c>, <c>huber</c>; for masks
    /// <c>crossentropy</c>, <c>focal</c>, and by overlap <c>dice</c>, <c>tversky</c>, <c>lovasz</c>. Several are added up with
    /// <c>+</c>, each with a weight before <c>*</c> and parameters after a colon, as in <c>ce+0.5*tversky:alpha=0.3,beta=0.7</c>
    /// </param>
    /// <param name="options">what differs from the defaults</param>
    /// <exception cref="ArgumentException">There is no loss of that name, or it can't take what was said.</exception>
    public static ILoss Make(string name, LossOptions? options = null)
    {
        options ??= new LossOptions();
        IReadOnlyList<LossTerm> terms = LossTerm.Parse(name);
        if (terms is [{ Weight: 1 }]) return Make(terms[0], options);
        return new SumLoss([.. terms.Select(term => (term.Weight, Make(term, options)))]);
    }

    /// <summary>Checks that a loss, or each of a sum, is one of these and takes its parameters.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Check(string name)
    {
        foreach (LossTerm term in LossTerm.Parse(name)) Make(term, new LossOptions { Masks = !Names.Contains(term.Name) });
    }

    /// <summary>Whether a loss is for numbers, not for classes.</summary>
    /// <exception cref="ArgumentException">There is no loss of that name.</exception>
    public static bool IsForNumbers(string name) => LossTerm.Parse(name).Any(term => term.Name is "mse" or "l1" or "huber");

    /// <summary>Whether a loss is of overlaps, which only masks have.</summary>
    /// <exception cref="ArgumentException">There is no loss of that name.</exception>
    public static bool IsForMasks(string name) => LossTerm.Parse(name).Any(term => !Names.Contains(term.Name));

    static ILoss Make(LossTerm term, LossOptions options)
    {
        if (options.Masks && !MaskNames.Contains(term.Name))
            throw new ArgumentException(
                $"loss {term.Name}: not for masks: expected {string.Join(", ", MaskNames)}, or a sum of them.");
        if (!options.Masks && !Names.Contains(term.Name))
            throw new ArgumentException(
                $"loss {term.Name}: for masks only: expected one of {string.Join(", ", Names)}.");
        switch (term.Name)
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
                    Gamma = term.Or("gamma", options.FocalGamma),
                    LabelSmoothing = options.LabelSmoothing,
                    Several = options.Several,
                };
            case "dice": return new DiceLoss { Smooth = term.Or("smooth", 1) };
            case "tversky":
                var defaults = new TverskyLoss();
                return new TverskyLoss
                {
                    Alpha = term.Or("alpha", defaults.Alpha),
                    Beta = term.Or("beta", defaults.Beta),
                    Smooth = term.Or("smooth", defaults.Smooth),
                };
            case "lovasz": return new LovaszLoss();
            case "l1": return new NumberLoss(NumberLossKind.Absolute);
            case "huber": return new NumberLoss(NumberLossKind.Huber);
            default: return new NumberLoss(NumberLossKind.Squared);
        }
    }
}
