using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>What an optimiser remembers, by the names of its parameters.</summary>
sealed class OptimizerMemory(Optimizer optimizer) : IStateful
{
    const string Scalar = "scalar/", Moment = "tensor/";

    public string Key => "optimizer";

    public void Save(StateWriter to)
    {
        OptimizerState state = optimizer.ExportState();
        foreach ((string name, double value) in state.Scalars) to.Write(Scalar + name, value);
        foreach ((string name, Tensor value) in state.Tensors) to.Write(Moment + name, value);
    }

    public void Load(StateReader from)
    {
        using var scope = new TensorScope();
        optimizer.ImportState(new OptimizerState(
            [.. from.TensorNames.Select(name => (name[Moment.Length..], from.Tensor(name)))],
            from.ValueNames.ToDictionary(name => name[Scalar.Length..], from.Double)));
    }
}
