using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>A copy of parameters as they are at one moment, to go back to.</summary>
public sealed class WeightSnapshot : IDisposable
{
    readonly List<(Parameter Parameter, Tensor Copy)> copies = [];

    /// <summary>Copies those parameters and buffers.</summary>
    public WeightSnapshot(IEnumerable<Parameter> parameters)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in parameters)
            copies.Add((parameter, parameter.Value.Detach().Clone().LeaveScope()));
    }

    /// <summary>Copies them again, into the same memory.</summary>
    public void Update()
    {
        using GradMode mode = Autograd.NoGrad();
        foreach ((Parameter parameter, Tensor copy) in copies) copy.Copy_(parameter.Value);
    }

    /// <summary>Puts the copied values back, bit for bit.</summary>
    public void Restore()
    {
        using GradMode mode = Autograd.NoGrad();
        foreach ((Parameter parameter, Tensor copy) in copies) parameter.Value.Copy_(copy);
    }

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        foreach ((_, Tensor copy) in copies) copy.Dispose();
        copies.Clear();
    }
}
