using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Updates parameters from their gradients. One step is a handful of calls on lists of tensors, whatever their number: each
/// parameter's own rate and decay travel as lists of numbers. On a CPU the lists are cut into blocks, so that the
/// temporaries of an update are small and stay in the cache.
/// </summary>
public abstract class Optimizer : IDisposable
{
    const long CpuBlockElements = 1 << 18;

    readonly List<ParameterGroup> groups = [];
    readonly List<Slot> slots = [];
    readonly Dictionary<string, Slot> byName = new(StringComparer.Ordinal);
    readonly string[] kinds;
    List<Block> blocks = [];

    /// <summary>An optimiser that keeps tensors of these kinds, each of its parameter's shape, for every parameter.</summary>
    private protected Optimizer(IEnumerable<ParameterGroup> groups, params string[] kinds)
    {
        this.kinds = kinds;
        foreach (ParameterGroup group in groups) AddGroup(group);
    }

    /// <summary>The groups; their rates may be set between steps.</summary>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    /// <summary>The parameters of all groups.</summary>
    public IEnumerable<Parameter> Parameters => slots.Select(slot => slot.Parameter);

    /// <summary>How many tensors of a parameter's own size it keeps for each.</summary>
    public int StateTensors => kinds.Length;

    /// <summary>The momentum: Adam's beta1. One-cycle schedules set it between steps.</summary>
    public abstract double Momentum { get; set; }

    /// <summary>Adds a group, as when a frozen part is unfrozen.</summary>
    /// <exception cref="ArgumentException">One of its parameters is in the optimiser already.</exception>
    public void AddGroup(ParameterGroup group)
    {
        foreach (Parameter parameter in group.Parameters)
        {
            var slot = new Slot(parameter, group, kinds.Length);
            if (!byName.TryAdd(parameter.Name, slot))
                throw new ArgumentException(
                    $"{parameter.Name}: expected each parameter once, came again in group '{group.Name}'. Leave it out of one.",
                    nameof(group));
            slots.Add(slot);
        }
        groups.Add(group);
    }

    /// <summary>Drops every gradient, so that the next backward starts from none (PyTorch's set_to_none).</summary>
    public void ZeroGrad()
    {
        foreach (Slot slot in slots) slot.Parameter.Value.Grad = null;
    }

    /// <summary>Updates every parameter that has a gradient; the others stay as they are, and so does their state.</summary>
    public void Step()
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Gather();
        Begin(blocks);
        foreach (Block block in blocks)
        {
            using var inner = new TensorScope();
            Update(block);
        }
        foreach (Block block in blocks) block.Release();
    }

    /// <summary>What is remembered so far.</summary>
    public OptimizerState ExportState()
    {
        List<(string, Tensor)> tensors = [];
        Dictionary<string, double> scalars = new(StringComparer.Ordinal) { ["momentum"] = Momentum };
        foreach (Slot slot in slots)
        {
            if (slot.Steps == 0) continue;
            scalars[$"step/{slot.Parameter.Name}"] = slot.Steps;
            for (int i = 0; i < kinds.Length; i++)
                if (slot.State[i] is { } tensor) tensors.Add(($"{kinds[i]}/{slot.Parameter.Name}", tensor));
        }
        return new OptimizerState(tensors, scalars);
    }

    /// <summary>Takes up what <see cref="ExportState"/> gave, in place of what is remembered; tensors are copied.</summary>
    /// <exception cref="InvalidDataException">The state is of other parameters, other shapes or another optimiser.</exception>
    public void ImportState(OptimizerState state)
    {
        using GradMode mode = Autograd.NoGrad();
        Dictionary<string, Tensor> tensors = state.Tensors.ToDictionary(item => item.Name, item => item.Value);
        List<(Slot Slot, long Steps, Tensor[] Found)> loaded = [];
        int used = 0;
        foreach ((string name, double value) in state.Scalars)
        {
            if (!name.StartsWith("step/", StringComparison.Ordinal)) continue;
            string parameter = name["step/".Length..];
            if (!byName.TryGetValue(parameter, out Slot? slot))
                throw new InvalidDataException(
                    $"optimiser state: expected the parameters of this optimiser, found {parameter}. " +
                    "Use the same model and groups.");
            Tensor[] found = [.. kinds.Select(kind => Find(tensors, kind, slot.Parameter))];
            used += found.Length;
            loaded.Add((slot, (long)value, found));
        }
        if (used != tensors.Count)
            throw new InvalidDataException(
                $"optimiser state: expected {used} tensors of the kinds {string.Join(", ", kinds)}, found {tensors.Count}. " +
                "It is of another optimiser.");
        foreach (Slot slot in slots) slot.Clear();
        foreach ((Slot slot, long steps, Tensor[] found) in loaded)
        {
            slot.Steps = steps;
            for (int i = 0; i < kinds.Length; i++)
            {
                slot.State[i] = slot.Parameter.Value.ZerosLike().LeaveScope();
                slot.State[i]!.Copy_(found[i]);
            }
        }
        if (state.Scalars.TryGetValue("momentum", out double momentum)) Momentum = momentum;
        blocks = [];
    }

    /// <summary>Frees the state. The parameters are their model's.</summary>
    public void Dispose()
    {
        foreach (Slot slot in slots) slot.Clear();
        slots.Clear();
        byName.Clear();
        blocks = [];
        GC.SuppressFinalize(this);
    }

    /// <summary>Sees all blocks of a step before the first is updated.</summary>
    private protected virtual void Begin(IReadOnlyList<Block> blocks) { }

    /// <summary>The number that fills a new tensor of a kind.</summary>
    private protected virtual double StartOf(string kind) => 0;

    /// <summary>Updates one block of parameters. Tensors made here are freed afterwards.</summary>
    private protected abstract void Update(Block block);

    /// <summary>Whether a parameter's first step differs from its later ones, so that both are never in one block.</summary>
    private protected virtual bool FirstStepIsSpecial => false;

    /// <summary>Counts the step for every parameter with a gradient, and puts these into blocks.</summary>
    void Gather()
    {
        bool same = true;
        int active = 0;
        foreach (Slot slot in slots)
        {
            slot.Gradient = slot.Parameter.Value.Grad;
            bool isActive = slot.Gradient is not null;
            same &= isActive == slot.WasActive && !(FirstStepIsSpecial && isActive && slot.Steps < 2);
            slot.WasActive = isActive;
            if (!isActive) continue;
            active++;
            slot.Steps++;
            for (int i = 0; i < kinds.Length; i++) slot.State[i] ??= NewState(slot.Parameter, kinds[i]);
        }
        if (!same || blocks.Sum(block => block.Count) != active) blocks = MakeBlocks();
        foreach (Block block in blocks) block.Fill();
    }

    Tensor NewState(Parameter parameter, string kind)
    {
        Tensor made = parameter.Value.ZerosLike().LeaveScope();
        if (StartOf(kind) is var start and not 0) made.Fill_(start);
        return made;
    }

    List<Block> MakeBlocks()
    {
        List<Block> made = [];
        List<Slot> open = [];
        long elements = 0;
        foreach (Slot slot in slots)
        {
            if (!slot.WasActive) continue;
            Tensor value = slot.Parameter.Value;
            bool full = value.Device.IsCpu && elements + value.ElementCount > CpuBlockElements;
            bool differs = open.Count > 0 && (value.Device != open[0].Parameter.Value.Device ||
                (FirstStepIsSpecial && slot.Steps == 1 != (open[0].Steps == 1)));
            if (open.Count > 0 && (full || differs))
            {
                made.Add(new Block([.. open], kinds.Length));
                open.Clear();
                elements = 0;
            }
            open.Add(slot);
            elements += value.ElementCount;
        }
        if (open.Count > 0) made.Add(new Block([.. open], kinds.Length));
        return made;
    }

    static Tensor Find(Dictionary<string, Tensor> tensors, string kind, Parameter parameter)
    {
        if (!tensors.TryGetValue($"{kind}/{parameter.Name}", out Tensor? found))
            throw new InvalidDataException(
                $"optimiser state: expected {kind}/{parameter.Name}, found none. It is of another optimiser.");
        if (!found.Shape.AsSpan().SequenceEqual(parameter.Shape))
            throw new InvalidDataException(
                $"optimiser state: {kind}/{parameter.Name}: expected [{string.Join(", ", parameter.Shape)}], found " +
                $"[{string.Join(", ", found.Shape)}]. Use the same model.");
        return found;
    }

    /// <summary>target += factor * other for each, in one call where all factors are the same.</summary>
    private protected static void AddScaled(Tensor[] targets, Tensor[] others, double[] factors)
    {
        if (IsUniform(factors)) Foreach.Add_(targets, others, factors[0]);
        else Foreach.Add_(targets, Foreach.Mul(others, factors));
    }

    /// <summary>Multiplies each by its factor; no call where all factors are 1.</summary>
    private protected static void Scale(Tensor[] targets, double[] factors)
    {
        if (!IsUniform(factors)) Foreach.Mul_(targets, factors);
        else if (factors[0] != 1) Foreach.Mul_(targets, factors[0]);
    }

    /// <summary>gradient + decay * value, as new tensors; the gradients themselves where nothing is decayed.</summary>
    private protected static Tensor[] WithPenalty(Block block)
    {
        double[] decays = block.Each((group, _) => group.WeightDecay);
        if (!Array.Exists(decays, decay => decay != 0)) return block.Gradients;
        Tensor[] sums = Foreach.Mul(block.Values, decays);
        Foreach.Add_(sums, block.Gradients);
        return sums;
    }

    private protected static bool IsUniform(double[] values) => Array.TrueForAll(values, value => value == values[0]);

    /// <summary>One parameter's place in the optimiser.</summary>
    private protected sealed class Slot(Parameter parameter, ParameterGroup group, int kinds)
    {
        internal Parameter Parameter => parameter;

        internal ParameterGroup Group => group;

        internal Tensor?[] State { get; } = new Tensor?[kinds];

        internal Tensor? Gradient { get; set; }

        internal long Steps { get; set; }

        internal bool WasActive { get; set; }

        internal void Clear()
        {
            for (int i = 0; i < State.Length; i++)
            {
                State[i]?.Dispose();
                State[i] = null;
            }
            Steps = 0;
        }
    }

    /// <summary>Parameters that are updated by the same calls, with their tensors in lists.</summary>
    private protected sealed class Block
    {
        readonly Slot[] slots;

        internal Block(Slot[] slots, int kinds)
        {
            this.slots = slots;
            Values = new Tensor[slots.Length];
            Gradients = new Tensor[slots.Length];
            States = [.. Enumerable.Range(0, kinds).Select(_ => new Tensor[slots.Length])];
        }

        internal int Count => slots.Length;

        internal Tensor[] Values { get; }

        internal Tensor[] Gradients { get; }

        internal Tensor[][] States { get; }

        /// <summary>Whether this is the first step of these parameters.</summary>
        internal bool IsFirstStep => slots[0].Steps == 1;

        /// <summary>A number for each parameter, from its group and its count of steps.</summary>
        internal double[] Each(Func<ParameterGroup, long, double> number)
        {
            double[] numbers = new double[slots.Length];
            for (int i = 0; i < numbers.Length; i++) numbers[i] = number(slots[i].Group, slots[i].Steps);
            return numbers;
        }

        internal void Fill()
        {
            for (int i = 0; i < slots.Length; i++)
            {
                Values[i] = slots[i].Parameter.Value;
                Gradients[i] = slots[i].Gradient!;
                for (int k = 0; k < States.Length; k++) States[k][i] = slots[i].State[k]!;
            }
        }

        /// <summary>Lets go of the gradients, whose handles end with the step.</summary>
        internal void Release()
        {
            Array.Clear(Gradients);
            foreach (Slot slot in slots) slot.Gradient = null;
        }
    }
}
