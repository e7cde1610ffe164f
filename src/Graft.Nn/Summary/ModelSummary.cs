using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// The layer tree of a model with shapes, parameters and costs, found by one run of it: as torchinfo 1.8 has it, by the same
/// rules. A convolution's multiply-adds are its weights and biases for each of its output's pixels; other layers count their
/// weights once a sample. The forward/backward size is twice the output of every innermost layer that has weights, and the
/// parameters' size is that of the weights of such layers: both leave out what a module holds beside its layers (layer scales,
/// class tokens, positions), which the number of parameters has.
/// </summary>
public sealed class ModelSummary
{
    ModelSummary(IReadOnlyList<LayerSummary> layers) => Layers = layers;

    /// <summary>The calls, each before those that it made itself; the first is the model's own.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>How many weights there are; buffers do not count.</summary>
    public long TotalParameters { get; private init; }

    /// <summary>How many weights are trained.</summary>
    public long TrainableParameters { get; private init; }

    /// <summary>The multiplications and additions of one run.</summary>
    public long TotalMultAdds { get; private init; }

    /// <summary>Bytes of the input.</summary>
    public long InputBytes { get; private init; }

    /// <summary>Bytes of what the layers give, and of its gradients.</summary>
    public long ForwardBackwardBytes { get; private init; }

    /// <summary>Bytes of the layers' weights.</summary>
    public long ParameterBytes { get; private init; }

    /// <summary>Bytes of all of it.</summary>
    public long TotalBytes => InputBytes + ForwardBackwardBytes + ParameterBytes;

    /// <summary>Runs the model once, without recording; modes and buffers are then as before.</summary>
    /// <param name="model">the model</param>
    /// <param name="input">what it gets</param>
    /// <param name="options">how it is run and counted; null for the defaults</param>
    public static ModelSummary Of(Module model, Tensor input, SummaryOptions? options = null) =>
        Of(model.Path.Store, input, options, _ => model.Forward(input));

    /// <summary>The same of what is not one module but runs several: a backbone and its head, say.</summary>
    /// <param name="kind">what it is called</param>
    /// <param name="store">all of its parameters and modules</param>
    /// <param name="run">runs it</param>
    /// <param name="input">what it gets</param>
    /// <param name="options">how it is run and counted; null for the defaults</param>
    public static ModelSummary Of(
        string kind, ParameterStore store, Func<Tensor, Tensor> run, Tensor input, SummaryOptions? options = null) =>
        Of(store, input, options, recorder => recorder.Run(kind, run, input));

    static ModelSummary Of(ParameterStore store, Tensor input, SummaryOptions? options, Action<SummaryRecorder> run)
    {
        options ??= new SummaryOptions();
        bool[] modes = [.. store.Modules.Select(module => module.IsTraining)];
        var recorder = new SummaryRecorder();
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Parameter[] buffers = options.Training ? [.. store.All.Where(parameter => parameter.IsBuffer)] : [];
        Tensor[] before = [.. buffers.Select(buffer => buffer.Value.Clone())];
        try
        {
            store.SetMode("", options.Training);
            using ModuleObservation observation = Module.Observe(recorder);
            run(recorder);
        }
        finally
        {
            for (int i = 0; i < modes.Length; i++) store.Modules[i].IsTraining = modes[i];
            for (int i = 0; i < buffers.Length; i++) buffers[i].Value.Copy_(before[i]);
        }
        IReadOnlyList<SummaryNode> nodes = recorder.Finish(store, options);
        SummaryNode[] layers = [.. nodes.Where(node => node.IsLeaf)];
        return new ModelSummary([.. nodes.Select(node => node.ToLayer())])
        {
            TotalParameters = nodes[0].Parameters,
            TrainableParameters = nodes[0].Trainable,
            TotalMultAdds = nodes[0].MultAdds,
            InputBytes = input.ElementCount * input.DType.Size(),
            ForwardBackwardBytes = 2 * layers.Where(node => node.Parameters > 0).Sum(node => node.OutputBytes),
            ParameterBytes = layers.Where(node => !node.IsRepeated).Sum(node => node.OwnBytes),
        };
    }

    /// <summary>The table that torchinfo prints.</summary>
    /// <param name="depth">how deep the tree goes, by default as torchinfo's 3; what lies deeper is counted where it ends</param>
    /// <param name="columnWidth">of every column but the first</param>
    /// <param name="columns">what is said of each layer; null for all but <see cref="SummaryColumn.ParameterShare"/></param>
    public string ToText(int depth = 3, int columnWidth = 20, IReadOnlyList<SummaryColumn>? columns = null) =>
        new SummaryTable(new SummaryCells(this, depth, columns), columnWidth).ToString();

    /// <summary>
    /// The same as a page: one file, nothing from elsewhere. Every layer that has others opens and closes, by mouse or keyboard.
    /// </summary>
    /// <param name="title">its heading</param>
    /// <param name="depth">how deep the tree is open at first; all of it is there</param>
    /// <param name="columns">what is said of each layer; null for all but <see cref="SummaryColumn.ParameterShare"/></param>
    public string ToHtml(string title, int depth = 2, IReadOnlyList<SummaryColumn>? columns = null) =>
        new SummaryPage(new SummaryCells(this, int.MaxValue, columns), title, depth).ToString();

    /// <summary>The same as JSON, to any depth, for programs.</summary>
    public string ToJson() => SummaryJson.Write(this);

    /// <summary>The table.</summary>
    public override string ToString() => ToText();
}
