using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Parameters and buffers as a part of a checkpoint.</summary>
/// <param name="key">what the part is called: <c>model</c></param>
/// <param name="parameters">everything that training changes, batch-norm statistics among it</param>
public sealed class WeightMemory(string key, Func<IEnumerable<Parameter>> parameters) : IStateful
{
    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        foreach (Parameter parameter in parameters()) to.Write(parameter.Name, parameter.Value);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        Parameter[] mine = [.. parameters()];
        string[] unknown = [.. from.TensorNames.Except(mine.Select(parameter => parameter.Name))];
        if (unknown.Length > 0)
            throw new InvalidDataException(
                $"checkpoint: found {unknown[0]}, which this model does not have. It is of another model.");
        using GradMode mode = Autograd.NoGrad();
        foreach (Parameter parameter in mine)
        {
            using Tensor found = from.Tensor(parameter.Name);
            if (!found.Shape.AsSpan().SequenceEqual(parameter.Shape))
                throw new InvalidDataException(
                    $"checkpoint: {parameter.Name}: expected [{string.Join(", ", parameter.Shape)}], found " +
                    $"[{string.Join(", ", found.Shape)}]. It is of another model.");
            parameter.Value.Copy_(found);
        }
    }
}
