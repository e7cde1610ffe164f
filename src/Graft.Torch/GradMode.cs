using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>A grad mode that holds until it is disposed; then the one before it holds again.</summary>
public readonly ref struct GradMode
{
    readonly bool previous;

    internal GradMode(bool enabled)
    {
        previous = Native.graft_grad_mode() != 0;
        Native.graft_set_grad_mode(enabled ? 1 : 0);
    }

    /// <summary>Restores the mode that held before.</summary>
    public void Dispose() => Native.graft_set_grad_mode(previous ? 1 : 0);
}
