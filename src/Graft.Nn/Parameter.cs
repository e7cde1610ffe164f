using Graft.Torch;

namespace Graft.Nn;

/// <summary>A named tensor of a model: a weight that is trained, or a buffer that is only saved (a running statistic,
/// say).</summary>
public sealed class Parameter
{
    Tensor value;

    internal Parameter(string name, Tensor value, bool isBuffer)
    {
        Name = name;
        this.value = value;
        IsBuffer = isBuffer;
        value.LeaveScope();
        if (!isBuffer) value.RequiresGrad = true;
    }

    /// <summary>The full path of the weight in its model, such as <c>stages.0.blocks.1.conv_dw.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it is saved but never trained.</summary>
    public bool IsBuffer { get; }

    /// <summary>The tensor. Replacing it (<see cref="Replace"/>) frees the old one.</summary>
    public Tensor Value => value;

    /// <summary>The sizes.</summary>
    public long[] Shape => value.Shape;

    /// <summary>Whether gradients are collected for it; always false for a buffer.</summary>
    /// <exception cref="InvalidOperationException">Set on a buffer.</exception>
    public bool RequiresGrad
    {
        get => value.RequiresGrad;
        set
        {
            if (IsBuffer && value) throw new InvalidOperationException($"{Name} is a buffer: it cannot be trained.");
            if (!IsBuffer) this.value.RequiresGrad = value;
        }
    }

    /// <summary>Puts another tensor in its place, which the parameter then owns. Whether it is trained stays as it was.</summary>
    public void Replace(Tensor tensor)
    {
        if (ReferenceEquals(tensor, value)) return;
        bool trained = value.RequiresGrad;
        value.Dispose();
        value = tensor.LeaveScope();
        if (trained) value.RequiresGrad = true;
    }

    internal void Free() => value.Dispose();

    /// <summary>Name, dtype and shape.</summary>
    public override string ToString() => $"{Name} {value.Describe()}";
}
