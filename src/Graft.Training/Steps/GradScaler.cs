using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// Scales losses up before backward, so that gradients don't vanish in float16, and gradients down before the step. A step with
/// an infinite or undefined gradient is left out and the scale falls; after enough good ones in a row it rises. With PyTorch's
/// numbers and order (torch.cuda.amp.GradScaler). Micikevicius et al. 2018, arXiv:1710.03740.
/// </summary>
public sealed class GradScaler : IStateful
{
    int good;

    /// <summary>What losses are multiplied by.</summary>
    /// <value>65536</value>
    public double Scale { get; private set; } = 65536;

    /// <summary>What the scale is multiplied by after <see cref="GrowthInterval"/> good steps in a row.</summary>
    /// <value>2</value>
    public double Growth { get; init; } = 2;

    /// <summary>What the scale is multiplied by after a step that was left out.</summary>
    /// <value>0.5</value>
    public double Backoff { get; init; } = 0.5;

    /// <summary>Good steps in a row after which the scale rises.</summary>
    /// <value>2000</value>
    public int GrowthInterval { get; init; } = 2000;

    /// <summary>Steps left out so far.</summary>
    public long Skipped { get; private set; }

    /// <summary>Starts from another scale.</summary>
    public GradScaler StartingAt(double scale)
    {
        Scale = scale;
        return this;
    }

    /// <summary>
    /// Scales all gradients down, and the scale up or down for the next step. To be called once before each step of the
    /// optimiser, before any clipping.
    /// </summary>
    /// <returns>whether all gradients are finite: else the step must be left out</returns>
    public bool Unscale(IEnumerable<Parameter> parameters)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor[] gradients =
            [.. parameters.Where(parameter => !parameter.IsBuffer).Select(parameter => parameter.Value.Grad).OfType<Tensor>()];
        bool finite = true;
        if (gradients.Length > 0)
        {
            Foreach.Mul_(gradients, 1 / Scale);
            finite = Array.TrueForAll(gradients, gradient => gradient.IsFinite().All().Item<bool>());
        }
        Update(finite);
        return finite;
    }

    void Update(bool finite)
    {
        if (!finite)
        {
            Skipped++;
            good = 0;
            Scale *= Backoff;
        }
        else if (++good == GrowthInterval)
        {
            good = 0;
            Scale *= Growth;
        }
    }

    /// <inheritdoc/>
    public string Key => "grad_scaler";

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("scale", Scale);
        to.Write("good", good);
        to.Write("skipped", Skipped);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        Scale = from.Double("scale");
        good = (int)from.Long("good");
        Skipped = from.Long("skipped");
    }
}
