using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// The type in which this thread's layers multiply. Within <see cref="Use"/>, matrix products and convolutions get their inputs
/// and weights in that type; weights, normalisations, heads and losses stay float32, and gradients reach the weights as float32
/// through the cast. Micikevicius et al. 2018, arXiv:1710.03740. What runs in which type is in <c>docs/precision.md</c>.
/// </summary>
/// <example>
/// <code>
/// using (Precision.Use(DType.BFloat16)) logits = model.Forward(images);
/// loss(logits, labels).Backward(); // outside: the types are already decided
/// </code>
/// </example>
public static class Precision
{
    [ThreadStatic] static Frame? current;

    /// <summary>The type of products on this thread.</summary>
    /// <value><see cref="DType.Float32"/></value>
    public static DType Type => current?.Type ?? DType.Float32;

    /// <summary>Whether products run in a narrower type than the weights.</summary>
    public static bool IsLow => Type != DType.Float32;

    /// <summary>
    /// Lets this thread's layers multiply in a type until the result is disposed. Where no gradients are recorded, a weight is
    /// cast once and kept for as long: weights must not be changed in between.
    /// </summary>
    /// <param name="type"><see cref="DType.BFloat16"/>, <see cref="DType.Float16"/> (which no CPU's products take), or
    /// <see cref="DType.Float32"/> to go back to full precision within a low one</param>
    /// <exception cref="ArgumentException">Another type.</exception>
    public static PrecisionScope Use(DType type)
    {
        if (type is not (DType.Float32 or DType.BFloat16 or DType.Float16))
            throw new ArgumentException($"expected Float32, BFloat16 or Float16, came {type}", nameof(type));
        return new PrecisionScope(type);
    }

    internal static Frame? Enter(DType type)
    {
        Frame? outer = current;
        current = new Frame(type);
        return outer;
    }

    internal static void Leave(Frame? outer)
    {
        current?.Free();
        current = outer;
    }

    /// <summary>A layer's input as its product wants it: in the low type, or as it is.</summary>
    public static Cast Input(Tensor x) => Cast.To(x, current is { } frame && x.DType.IsFloatingPoint() ? frame.Type : x.DType);

    /// <summary>A weight as a product wants it; null stays null.</summary>
    public static Cast Weight(Parameter? weight)
    {
        if (weight is null) return default;
        if (current is not { } frame || frame.Type == weight.Value.DType) return new Cast(weight.Value, isOwned: false);
        return Autograd.IsEnabled && weight.RequiresGrad ? Cast.To(weight.Value, frame.Type)
            : new Cast(frame.Kept(weight), isOwned: false);
    }

    /// <summary>In float32: what a normalisation, a reduction or a loss wants of a float16 or bfloat16 input.</summary>
    public static Cast Full(Tensor x) => Cast.To(x, IsNarrow(x) ? DType.Float32 : x.DType);

    /// <summary>Whether a tensor is float16 or bfloat16.</summary>
    public static bool IsNarrow(Tensor x) => x.DType is DType.BFloat16 or DType.Float16;

    /// <summary>
    /// change + x, where nobody else needs the change: in its place where it has x's type, else as a new tensor of the wider
    /// type, so that a float32 sum over many blocks is not rounded at each.
    /// </summary>
    /// <param name="change">a temporary whose maker does not need it for its own gradient; freed or overwritten</param>
    /// <param name="x">what it is added to</param>
    public static Tensor Sum(Tensor change, Tensor x)
    {
        if (!IsNarrow(change) || change.DType == x.DType) return change.Add_(x);
        Tensor sum = change + x;
        change.Dispose();
        return sum;
    }

    internal sealed class Frame(DType type)
    {
        readonly Dictionary<Parameter, Tensor> kept = [];

        public DType Type => type;

        public Tensor Kept(Parameter weight)
        {
            if (kept.TryGetValue(weight, out Tensor? found)) return found;
            using GradMode mode = Autograd.NoGrad();
            Tensor cast = weight.Value.To(type).LeaveScope();
            kept.Add(weight, cast);
            return cast;
        }

        public void Free()
        {
            foreach (Tensor tensor in kept.Values) tensor.Dispose();
        }
    }
}
