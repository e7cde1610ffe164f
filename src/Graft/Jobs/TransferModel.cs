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
sealed class TransferModel(ImageModel model, int freeGroups) : ITrainable
{
    readonly LayerGroup[] free = [.. model.LayerGroups.SkipLast(1).TakeLast(freeGroups)]; // the last one is the head's

    /// <summary>Whether nothing is frozen.</summary>
    public bool IsWhole => free.Length == model.LayerGroups.Count - 1;

    /// <inheritdoc/>
    public Device Device => model.Parameters.Device;

    /// <summary>Everything that training changes, batch-norm statistics among it.</summary>
    public IEnumerable<Parameter> Changing => model.Parameters.All.Where(IsFree);

    /// <summary>How many numbers are trained.</summary>
    public long TrainedElements => model.Parameters.Weights.Where(IsFree).Sum(weight => weight.Value.ElementCount);

    IEnumerable<string> FreePaths => [.. free.SelectMany(group => group.Paths), .. model.HeadPaths];

    /// <summary>Freezes what is not trained, and frees the rest.</summary>
    /// <param name="keepStatistics">whether batch norms keep their statistics even where they are trained</param>
    public TransferModel Freeze(bool keepStatistics)
    {
        model.Parameters.SetTrainable("", IsWhole);
        foreach (string path in FreePaths) model.Parameters.SetTrainable(path, trainable: true);
        foreach (Module module in model.Parameters.Modules)
            if (module is IKeepsStatistics norm) norm.KeepsStatistics = keepStatistics;
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
        if (free.Length > 0 || !Autograd.IsEnabled) return model.Forward(inputs);
        Tensor features;
        using (Autograd.NoGrad()) features = model.Features(inputs);
        return model.Classify(features);
    }

    /// <summary>
    /// The parameters that are trained, for an optimiser: layer group by layer group, the deepest first, the head last; the
    /// rates rise
    /// in equal ratios to that of the head. Biases and normalisations are not decayed, as in fastai.
    /// </summary>
    /// <param name="rate">the head's rate</param>
    /// <param name="spread">how many times slower the deepest group learns; 1: all at one rate</param>
    /// <param name="weightDecay">what is decayed, is decayed by this</param>
    public IReadOnlyList<ParameterGroup> ParameterGroups(double rate, double spread, double weightDecay)
    {
        List<ParameterGroup> result = [];
        double[] rates = DiscriminativeRates.Spread(rate / spread, rate, free.Length + 1);
        List<Parameter> left = [.. model.Parameters.Trainable];
        for (int i = 0; i < free.Length; i++)
            Add(free[i].Name, [.. left.Where(parameter => free[i].Contains(parameter.Name))], rates[i]);
        Add("head", [.. left], rates[^1]);
        return result;

        void Add(string name, Parameter[] members, double own)
        {
            left.RemoveAll(members.Contains);
            Parameter[] decayed = [.. members.Where(parameter => parameter.Shape.Length > 1)];
            Parameter[] others = [.. members.Except(decayed)];
            if (decayed.Length > 0) result.Add(new ParameterGroup(name, decayed, own, weightDecay));
            if (others.Length > 0) result.Add(new ParameterGroup($"{name} without decay", others, own));
        }
    }

    bool IsFree(Parameter parameter) => IsWhole || FreePaths.Any(path => ModulePath.IsWithin(parameter.Name, path));
}
