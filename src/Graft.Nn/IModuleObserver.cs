using Graft.Torch;

namespace Graft.Nn;

/// <summary>Sees the modules of a thread at work: for summaries, and for what looks at activations.</summary>
public interface IModuleObserver
{
    /// <summary>A module is about to compute.</summary>
    void OnEntering(Module module, Tensor input);

    /// <summary>A module has computed. The input may have been overwritten or freed by then; the output is alive.</summary>
    void OnLeaving(Module module, Tensor input, Tensor output);
}
