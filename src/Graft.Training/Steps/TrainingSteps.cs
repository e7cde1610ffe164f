using Graft.Torch;

namespace Graft.Training;

/// <summary>Ways from a batch to its loss.</summary>
public static class TrainingSteps
{
    /// <summary>The loss of the logits: what nearly everything needs.</summary>
    public static StepResult Supervised(StepContext context)
    {
        Tensor logits = context.Phase.Model.Run(context.Inputs).Logits;
        return new StepResult(context.Phase.Loss(logits, context.Targets), logits);
    }

    /// <summary>
    /// The loss of the logits, and that of auxiliary logits, times a weight: 0.4 in GoogLeNet's paper, 0.5 in torchvision's
    /// segmentation reference.
    /// </summary>
    /// <param name="weight">of the auxiliary loss</param>
    /// <param name="output">the name of the auxiliary logits among <see cref="ModelOutputs.Others"/></param>
    /// <exception cref="InvalidOperationException">The model has no such output.</exception>
    public static TrainingStep WithAuxiliary(double weight, string output = "auxiliary") => context =>
    {
        ModelOutputs outputs = context.Phase.Model.Run(context.Inputs);
        if (outputs.Others is null || !outputs.Others.TryGetValue(output, out Tensor? auxiliary))
            throw new InvalidOperationException(
                $"expected an output '{output}' of the model, came {Words(outputs)}. Train without the auxiliary loss.");
        Tensor main = context.Phase.Loss(outputs.Logits, context.Targets), other = context.Phase.Loss(auxiliary, context.Targets);
        return new StepResult(main + other * weight, outputs.Logits);
    };

    static string Words(ModelOutputs outputs) =>
        outputs.Others is { Count: > 0 } others ? string.Join(", ", others.Keys) : "logits alone";
}
