using Graft.Torch;

namespace Graft.Nn;

/// <summary>Sees how the attentions of a thread weigh tokens: for attention rollout, and for whoever wants to look.</summary>
public interface IAttentionObserver
{
    /// <summary>
    /// An attention has weighed its tokens. A batch whose scores would take much memory is weighed in parts, one call for each.
    /// </summary>
    /// <param name="weights">
    /// how much each query takes from each token, <c>[N, H, Q, T]</c>, rows that add up to 1; alive during the call only
    /// </param>
    void OnWeights(Tensor weights);
}
