using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// A model of which the head and the last layer groups are trained; what lies before is frozen and stays in evaluation mode.
/// </summary>
/// <param name="model">the model</param>
/// <param name="freeGroups">how many of the last layer groups before the head are trained</param>
/// <param name="lora">adapters that are trained in place of the layers; null for none</param>
sealed class TransferModel(ImageModel model, int freeGroups, LoraAdapters? lora = null) : ITrainable
{
    readonly LayerGroup[] free = [.. model.LayerGroups.SkipLast(1).TakeLast(freeGroups)]; // the last one is the head's
    int closed; // of these, the first ones, whose turn is yet to come

    /// <summary>The type in which layers multiply where gradients are recorded.</summary>
    /// <value>float32</value>
    public DType Precision { get; init; } = DType.Float32;

    /// <summary>Paths of layers that start anew: their batch norms have no statistics that are worth keeping.</summary>
    /// <value>none</value>
    public IReadOnlyList<string> NewPaths { get; init; } = [];

    /// <summary>Whether nothing is frozen.</summary>
    public bool IsWhole => closed == 0 && free.Length == model.LayerGroups.Count - 1;

    /// <inheritdoc/>
    public Device Device => model.Parameters.Device;

    /// <summary>Everything that training changes, batch-norm statistics among it.</summary>
    public IEnumerable<Parameter> Changing => Free(model.Parameters.All);

    /// <summary>How many numbers are trained.</summary>
    public long TrainedElements => Free(model.Parameters.Weights).Sum(weight => weight.Value.ElementCount);

    IEnumerable<string> FreePaths => [.. free.Skip(closed).SelectMany(group => group.Paths), .. model.HeadPaths];

    /// <summary>Freezes what is not trained, and frees the rest.</summary>
    /// <param name="keepStatistics">whether batch norms keep their statistics even where they are trained</param>
    public TransferModel Freeze(bool keepStatistics)
    {
        closed = 0;
        model.Parameters.SetTrainable("", IsWhole);
        foreach (string path in FreePaths) model.Parameters.SetTrainable(path, trainable: true);
        foreach (Module module in model.Parameters.Modules)
            if (module is IKeepsStatistics norm)
                norm.KeepsStatistics = keepStatistics && !NewPaths.Any(path => ModulePath.IsWithin(module.Path.Name, path));
        lora?.FreezeRest();
        return this;
    }

    /// <inheritdoc/>
    public void SetTraining(bool training)
    {
        model.Parameters.SetMode("", training && IsWhole);
        if (!training || IsWhole) return;
        foreach (string path in FreePaths) model.Parameters.SetMode(path, training: true);
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor inputs)
    {
        // what is measured is what will be saved: without gradients, float32
        using PrecisionScope scope = Nn.Precision.Use(Autograd.IsEnabled ? Precision : DType.Float32);
        if (free.Length > 0 || !Autograd.IsEnabled) return model.Forward(inputs);
        Tensor features;
        using (Autograd.NoGrad()) features = model.Features(inputs);
        return model.Classify(features);
    }

    /// <summary>
    /// Frees the groups of an epoch when they are freed one by one, the last first, in equal parts of the epochs. Howard and
    /// Ruder 2018, arXiv:1801.06146. What is trained then is a part of what <see cref="Freeze"/> frees.
    /// </summary>
    public void OpenFor(int epoch, int epochs)
    {
        int open = Math.Min(free.Length, 1 + (int)((long)epoch * free.Length / Math.Max(1, epochs)));
        closed = free.Length - open;
        for (int i = 0; i < free.Length; i++)
            foreach (string path in free[i].Paths) model.Parameters.SetTrainable(path, trainable: i >= closed);
    }

    IEnumerable<Parameter> Free(IEnumerable<Parameter> parameters)
    {
        if (lora is null && IsWhole) return parameters;
        string[] paths = [.. lora is null ? FreePaths : model.HeadPaths.Concat(lora.All.Select(adapter => adapter.Path.Name))];
        return parameters.Where(parameter =>
            (lora is not null && parameter.IsBuffer) || Array.Exists(paths, path => ModulePath.IsWithin(parameter.Name, path)));
    }
}
