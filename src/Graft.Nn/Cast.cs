using Graft.Torch;

namespace Graft.Nn;

/// <summary>A tensor in the type that an operation wants: the tensor itself, or a copy that goes when this is disposed.</summary>
public readonly ref struct Cast
{
    readonly Tensor? tensor;
    readonly bool isOwned;

    internal Cast(Tensor tensor, bool isOwned) => (this.tensor, this.isOwned) = (tensor, isOwned);

    /// <summary>The tensor.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Tensor Value => tensor ?? throw new InvalidOperationException("there is no tensor to cast: ask for OrNull.");

    /// <summary>The tensor, or null where there was none to cast.</summary>
    public Tensor? OrNull => tensor;


    /// <summary>Frees the copy, where there is one.</summary>
    public void Dispose()
    {
        if (isOwned) tensor!.Dispose();
    }

    internal static Cast To(Tensor x, DType type)
    {
        Tensor cast = x.To(type);
        return new Cast(cast, isOwned: !ReferenceEquals(cast, x));
    }
}
