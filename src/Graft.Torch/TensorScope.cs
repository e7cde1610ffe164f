namespace Graft.Torch;

/// <summary>
/// Owns the tensors that are made on this thread while it is open, and frees them when it closes:
/// <code>
/// using var scope = new TensorScope();
/// Tensor loss = model.Forward(images).CrossEntropy(labels);
/// </code>
/// What must outlive it is kept explicitly: <see cref="Keep"/> hands a tensor to the enclosing scope, or to the caller where
/// there is none. Scopes nest; each belongs to one thread.
/// </summary>
public readonly ref struct TensorScope
{
    [ThreadStatic] static Frame? current;
    [ThreadStatic] static Frame? spare;

    readonly Frame frame;

    /// <summary>Opens a scope on the calling thread.</summary>
    public TensorScope()
    {
        frame = spare ?? new Frame();
        spare = frame.Outer;
        frame.Outer = current;
        current = frame;
    }

    /// <summary>Hands a tensor of this scope to the enclosing one; without an enclosing one, the caller owns it.</summary>
    public Tensor Keep(Tensor tensor)
    {
        if (tensor.Scope == frame) tensor.Scope = null;
        else return tensor;
        frame.Outer?.Add(tensor);
        return tensor;
    }

    /// <summary>Frees what was made inside and not kept.</summary>
    public void Dispose()
    {
        if (current != frame)
            throw new InvalidOperationException("Tensor scopes must close in the reverse order of their opening.");
        current = frame.Outer;
        frame.Close();
        frame.Outer = spare;
        spare = frame;
    }

    internal static Frame? Current => current;

    /// <summary>The tensors of one open scope. Frames are reused, so that a scope costs no allocation.</summary>
    internal sealed class Frame
    {
        readonly List<Tensor> owned = [];

        internal Frame? Outer { get; set; }

        internal void Add(Tensor tensor)
        {
            owned.Add(tensor);
            tensor.Scope = this;
        }

        internal void Close()
        {
            foreach (Tensor tensor in owned)
                if (tensor.Scope == this) tensor.Dispose();
            owned.Clear();
        }
    }
}
