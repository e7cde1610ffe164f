using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// A linear classifier over standardised features: logits = W (x - mean) / deviation + b. Being linear in x, it can be written
/// into a
/// model's own head afterwards without a change of what it computes.
/// </summary>
sealed class ProbeHead : ITrainable, IDisposable
{
    readonly ParameterStore store;
    readonly Linear linear;
    readonly float[] mean, deviation;
    readonly OutputScale? scale;

    /// <summary>A classifier that starts at zero: every class as probable as any other.</summary>
    public ProbeHead(int classes, float[] mean, float[] deviation, Device device = default, OutputScale? scale = null)
    {
        this.scale = scale;
        (this.mean, this.deviation) = (mean, deviation);
        store = new ParameterStore(device);
        linear = new Linear(ModulePath.Root(store), mean.Length, classes);
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in store.All) Initializer.Constant(parameter, 0);
    }

    /// <summary>Weight and bias.</summary>
    public IEnumerable<Parameter> Parameters => store.All;

    /// <inheritdoc/>
    public Device Device => store.Device;

    /// <inheritdoc/>
    public Tensor Forward(Tensor inputs) => scale?.Apply(linear.Forward(inputs)) ?? linear.Forward(inputs);

    /// <inheritdoc/>
    public void SetTraining(bool training) => store.SetMode("", training);

    /// <summary>
    /// Writes the classifier into the head of a model, whose features are not standardised: W / deviation, b - W mean /
    /// deviation.
    /// </summary>
    public void FoldInto(ImageModel model)
    {
        float[] w = store.Find("weight")!.Value.ToArray<float>(), b = store.Find("bias")!.Value.ToArray<float>(); // [K, D], [K]
        for (int k = 0; k < b.Length; k++)
        {
            double shift = 0;
            for (int d = 0; d < mean.Length; d++)
            {
                double folded = (double)w[k * mean.Length + d] / deviation[d];
                w[k * mean.Length + d] = (float)folded;
                shift += folded * mean[d];
            }
            b[k] = (float)(b[k] - shift);
        }
        model.Head!.Assign(w, b);
    }

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();
}
