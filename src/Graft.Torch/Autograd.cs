using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>Whether operators on this thread record themselves for a later <see cref="Tensor.Backward"/>.</summary>
public static class Autograd
{
    /// <summary>Whether the calling thread records.</summary>
    public static bool IsEnabled => Native.graft_grad_mode() != 0;

    /// <summary>Nothing is recorded on this thread until the result is disposed: <c>using (Autograd.NoGrad()) { ...
    /// }</c>.</summary>
    public static GradMode NoGrad() => new(enabled: false);

    /// <summary>Operators are recorded on this thread until the result is disposed.</summary>
    public static GradMode EnableGrad() => new(enabled: true);
}
