using Graft.Torch;

namespace Graft.Nn;

/// <summary>Sees the modules of a thread at work: for summaries, and for what looks at activations.</summary>
public interface IModuleObserver
{
    /// <summary>A module is about to compute.</summary>
    void OnEntering(Module module, Tensor input);

    /// <summary>A module has computed. The input may have been overwritten or freed by then; the output is alive.</summary>
    void OnLeaving(Module module, Tensor input, Tensor output);

    /// <summary>
    /// A module has computed by itself what a layer of its own would: the activation that overwrites its input, the linear layer
    /// of an attention.
    /// </summary>
    /// <param name="module">the module</param>
    /// <param name="name">the layer's name below the module's path, under which its weights are saved where it has any</param>
    /// <param name="kind">what it is, such as <c>Linear</c></param>
    /// <param name="input">what it got; it may have been overwritten</param>
    /// <param name="output">what it gave</param>
    void OnPart(Module module, string name, string kind, Tensor input, Tensor output) { }
}
