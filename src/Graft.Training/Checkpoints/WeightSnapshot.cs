using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>A copy of parameters as they are at one moment, to go back to.</summary>
public sealed class WeightSnapshot : IDisposable
{
    readonly List<(Parameter Parameter, Tensor Copy)> copies = [];

    /// <summary>What was copied.</summary>
    internal IReadOnlyList<(Parameter Parameter, Tensor Copy)> Copies => copies;

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

    /// <summary>Whether the parameters are still what was copied, bit for bit.</summary>
    internal bool IsCurrent()
    {
        using GradMode mode = Autograd.NoGrad();
        foreach ((Parameter parameter, Tensor copy) in copies)
        {
            if (!parameter.Value.Device.IsCpu) return false; // not worth the way
            using TensorMemory now = new(parameter.Value), then = new(copy);
            if (!now.GetSpan().SequenceEqual(then.GetSpan())) return false;
        }
        return true;
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
