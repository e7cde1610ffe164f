namespace Graft.Models;

/// <summary>What a model's outputs say, in the words of Hugging Face's <c>problem_type</c>.</summary>
public enum ProblemType
{
    /// <summary><c>single_label_classification</c>: one class of several; probabilities by softmax.</summary>
    SingleLabel,

    /// <summary><c>multi_label_classification</c>: any number of labels; each probability by sigmoid.</summary>
    MultiLabel,

    /// <summary><c>regression</c>: the outputs are numbers, in their own units.</summary>
    Regression,

    /// <summary>
    /// A class for every pixel; probabilities by softmax. transformers has no problem type for it, and tells by the class of the
    /// network, as Graft does.
    /// </summary>
    Segmentation,
}
