using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// A TorchScript module as a backbone. Its parameters are the very tensors that the module computes with. Where a head takes the
/// place of its last layer, that layer is made the identity, so that the module gives what the layer would have seen.
/// </summary>
sealed class ScriptBackbone : Backbone, IKeepsStatistics, IDisposable
{
    /// <summary>Where the head stands in a module that was saved with a new one.</summary>
    public const string SavedHead = "head";

    readonly ScriptConfig config;
    readonly ParameterStore store;
    readonly List<Link> links = [];
    readonly ScriptTensor? headWeight, headBias;
    readonly Tensor?[] identity = new Tensor?[2];
    (bool Training, bool Keeps)? mode;

    public ScriptBackbone(ModulePath at, ScriptConfig config) : base(at, config)
    {
        this.config = config;
        store = at.Store;
        foreach (ScriptTensor tensor in config.Script.Tensors)
        {
            if (config.HeadLayer.Length > 0 && tensor.Name == config.HeadLayer + ".weight") headWeight = tensor;
            else if (config.HeadLayer.Length > 0 && tensor.Name == config.HeadLayer + ".bias") headBias = tensor;
            else
            {
                Tensor value = config.Script.Get(tensor);
                bool isBuffer = tensor.IsBuffer || value.DType is not (DType.Float32 or DType.Float64);
                links.Add(new Link(tensor, at.Existing(tensor.Name, value, isBuffer)));
            }
        }
        HeadPath = config.HeadLayer.Length > 0 ? config.HeadLayer : "graft_head";
        LayerGroups = Groups();
    }

    /// <summary>The module.</summary>
    public ScriptModule Script => config.Script;

    /// <summary>Whether the module is freed with this.</summary>
    public bool OwnsScript { get; init; } = true;

    /// <inheritdoc/>
    public override int Channels => config.Outputs;

    /// <inheritdoc/>
    public override string HeadPath { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerGroup> LayerGroups { get; }

    /// <inheritdoc/>
    public override bool TakesChannelsLast => false; // its program may look at a tensor as if it lay in row-major order

    /// <inheritdoc/>
    public bool KeepsStatistics { get; set; }

    /// <inheritdoc/>
    public override string Kind => "TorchScript";

    /// <inheritdoc/>
    protected override PoolKind OwnPool => PoolKind.None;

    /// <inheritdoc/>
    protected internal override Tensor Map(Tensor images)
    {
        Update();
        using Tensor input = images.IsContiguous() ? images.Share() : images.Contiguous();
        return Script.Forward(input); // [N, D] or [N, D, H, W]
    }

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor pooled) => pooled.Rank == 4 ? pooled.Mean([2, 3]) : pooled;

    /// <inheritdoc/>
    protected internal override Head BuildHead(ModulePath root, ModelConfig config)
    {
        if (config.Head is HeadKind.Mlp or HeadKind.FastAi)
            throw new NotSupportedException("a TorchScript model takes a linear head only: leave --head out.");
        return this.config.OutputsAreLogits && config.Classes == this.config.Outputs
            ? new OutputHead(root / HeadPath)
            : new LinearHead(root / HeadPath, FeatureCount, config.Classes, config.Dropout);
    }

    /// <inheritdoc/>
    internal override void Start(ulong seed) => throw new NotSupportedException(
        "a TorchScript model does not say how its weights start: it cannot be trained from scratch.");

    /// <summary>
    /// Saves the module with a head: in the place of its last layer, or after it; as it is where there is none.
    /// </summary>
    /// <returns>where the head stands in the file; empty where the outputs are logits as they are</returns>
    public string Save(string path, Head? head)
    {
        using GradMode grad = Autograd.NoGrad();
        using var scope = new TensorScope();
        mode = (false, false);
        Script.SetMode(training: false);
        Tensor? Of(string name) => store.Find($"{HeadPath}.{name}")?.Value.To(Device.Cpu).Contiguous();
        foreach (Link link in links) Script.Set(link.Slot, link.Parameter.Value.To(Device.Cpu));
        try
        {
            if (head is not LinearHead)
            {
                if (head is not (null or OutputHead))
                    throw new NotSupportedException($"a TorchScript model with a head of kind {head.Kind} cannot be saved.");
                Script.Save(path);
                return config.HeadLayer;
            }
            Tensor weight = Of("weight")!, bias = Of("bias")!;
            if (headWeight is { } toWeight && headBias is { } toBias)
            {
                Script.Set(toWeight, weight);
                Script.Set(toBias, bias);
                Script.Save(path);
                return config.HeadLayer;
            }
            Update();
            using ScriptModule whole = Script.WithHead(weight, bias);
            whole.Save(path);
            return SavedHead;
        }
        finally
        {
            foreach (Link link in links) link.Given = null; // the next run puts the model's own tensors back
            Free(identity);
        }
    }

    /// <summary>Frees the module.</summary>
    public void Dispose()
    {
        Free(identity);
        if (OwnsScript) Script.Dispose();
    }

    /// <summary>Gives the module what has changed: tensors that were replaced, the mode, the device of the identity.</summary>
    void Update()
    {
        foreach (Link link in links)
        {
            if (ReferenceEquals(link.Given, link.Parameter.Value)) continue;
            Script.Set(link.Slot, link.Parameter.Value);
            link.Given = link.Parameter.Value;
        }
        if (mode != (IsTraining, KeepsStatistics))
        {
            Script.SetMode(IsTraining, KeepsStatistics);
            mode = (IsTraining, KeepsStatistics);
        }
        if (headWeight is not { } slot || (identity[0] is { } there && there.Device == store.Device)) return;
        Free(identity);
        using GradMode grad = Autograd.NoGrad();
        using var scope = new TensorScope();
        float[] ones = new float[(long)config.Outputs * config.Outputs];
        for (int i = 0; i < config.Outputs; i++) ones[(long)i * config.Outputs + i] = 1;
        identity[0] = Tensor.FromSpan<float>(ones, [config.Outputs, config.Outputs], store.Device).LeaveScope();
        Script.Set(slot, identity[0]!);
        if (headBias is not { } bias) return;
        identity[1] = Tensor.Zeros([config.Outputs], device: store.Device).LeaveScope();
        Script.Set(bias, identity[1]!);
    }

    static void Free(Tensor?[] tensors)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i]?.Dispose();
            tensors[i] = null;
        }
    }

    /// <summary>The children of the root, or of the first module that has several with weights.</summary>
    LayerGroup[] Groups()
    {
        string[] names = [.. links.Select(link => link.Parameter.Name)];
        string prefix = "";
        while (true)
        {
            string[] children = [.. names.Select(name => Child(name, prefix)).Distinct()];
            if (children.Length == 0) return [];
            if (children.Length > 1 || children[0] == names[0])
                return [.. children.Select(child => new LayerGroup(child, [child]))];
            prefix = children[0] + ".";
        }
    }

    static string Child(string name, string prefix)
    {
        int dot = name.IndexOf('.', prefix.Length);
        return dot < 0 ? name : name[..dot];
    }

    sealed class Link(ScriptTensor slot, Parameter parameter)
    {
        public ScriptTensor Slot => slot;

        public Parameter Parameter => parameter;

        /// <summary>What the module computes with.</summary>
        public Tensor? Given { get; set; } = parameter.Value;
    }
}
