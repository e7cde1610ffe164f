namespace Graft.Formats;

/// <summary>
/// Finds the tensors of a model in what a checkpoint holds: at the root, or below a key that training scripts use.
/// </summary>
sealed class StateDictFinder
{
    const int MaxDepth = 16, MaxMetadata = 1000, MaxMetadataDepth = 4;
    const int MaxVisits = 1_000_000;

    /// <summary>
    /// Where training scripts keep the weights, the usual first; averaged weights only when there are no others.
    /// </summary>
    static readonly string[] usualKeys =
    [
        "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "params", "weights",
        "teacher", "student", "state_dict_ema", "model_ema", "params_ema", "ema",
    ];

    readonly string path;
    int visits;

    public StateDictFinder(string path, object? root, string? at)
    {
        this.path = path;
        Root = root;
        List<string> prefixes = [];
        Collect(root, "", 0, prefixes);
        Prefixes = prefixes;
        Prefix = at ?? Choose(root, "", 0);
        object? found = root;
        if (Prefix.Length > 0 && !TryFollow(root, Prefix, out found))
            throw new ArgumentException(
                $"{path}: holds no '{Prefix}'; it has "
                + (prefixes.Count == 0 ? "no tensors" : string.Join(", ", prefixes.Select(one => $"'{one}'"))));
        Flatten(found, "", 0);
        if (Tensors.Count == 0)
            throw new InvalidDataException($"{path}: holds no tensors: expected a state dict, found {Describe(found)}");
    }

    /// <summary>Everything that the file holds.</summary>
    public object? Root { get; }

    /// <summary>The key below which the chosen weights lie, dotted; empty at the root.</summary>
    public string Prefix { get; }

    /// <summary>Every place that holds weights, the chosen one among them.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    /// <summary>The chosen tensors by their names.</summary>
    public List<(string Name, PyTensor Tensor)> Tensors { get; } = [];

    /// <summary>
    /// Scalars and texts of the file, by their dotted names, and the single numbers that were saved as tensors.
    /// </summary>
    public void ReadMetadata(Dictionary<string, string> metadata, Func<PyTensor, object> number)
    {
        HashSet<PyTensor> chosen = new(ReferenceEqualityComparer.Instance);
        foreach ((_, PyTensor tensor) in Tensors) chosen.Add(tensor);

        // Level by level, so that an optimiser's thousands of steps do not crowd out the epoch.
        Queue<(object? Value, string Name, int Depth)> waiting = new([(Root, "", 0)]);
        while (waiting.TryDequeue(out (object? Value, string Name, int Depth) next) && metadata.Count < MaxMetadata)
        {
            (object? value, string name, int depth) = next;
            if (value is PyTensor { Shape: [] or [1] } tensor && name.Length > 0 && !chosen.Contains(tensor))
                value = number(tensor);
            if (Children(value) is { } children)
            {
                foreach ((object? key, object? child) in children)
                {
                    Count();
                    if (depth < MaxMetadataDepth && Key(key) is { } text) waiting.Enqueue((child, Join(name, text), depth + 1));
                }
            }
            else if (name.Length > 0 && PickleText.Of(value) is { } shown)
            {
                metadata.TryAdd(name, shown);
            }
        }
    }

    /// <summary>The usual keys first, each only where tensors lie below it; then the value itself.</summary>
    string Choose(object? value, string name, int depth)
    {
        if (value is not PyDict dict || depth >= 4) return name;
        foreach (string key in usualKeys)
            if (dict.Find(key) is PyDict child && HoldsTensors(child, 0))
                return Choose(child, Join(name, key), depth + 1);
        return name;
    }

    void Collect(object? value, string name, int depth, List<string> prefixes)
    {
        if (value is not PyDict dict || depth >= 4 || prefixes.Count >= 32) return;
        foreach ((_, object? child) in dict.Items)
        {
            Count();
            if (child is not PyTensor { Shape.Length: > 0 }) continue;
            prefixes.Add(name);
            break;
        }
        foreach ((object? key, object? child) in dict.Items)
        {
            Count();
            if (child is PyDict && Key(key) is { } text) Collect(child, Join(name, text), depth + 1, prefixes);
        }
    }

    bool HoldsTensors(PyDict dict, int depth)
    {
        foreach ((_, object? child) in dict.Items)
        {
            Count();
            if (child is PyTensor || child is PyDict inner && depth < 4 && HoldsTensors(inner, depth + 1)) return true;
        }
        return false;
    }

    void Flatten(object? value, string name, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException($"{path}: its dicts are nested more than {MaxDepth} deep");
        if (value is PyTensor tensor)
            Tensors.Add((name.Length == 0 ? "tensor" : name, tensor));
        else if (value is PyDict dict)
            foreach ((object? key, object? child) in dict.Items)
            {
                Count();
                if (child is PyTensor or PyDict && Key(key) is { } text) Flatten(child, Join(name, text), depth + 1);
            }
    }

    bool TryFollow(object? value, string prefix, out object? found)
    {
        found = value;
        if (prefix.Length == 0) return true;
        if (value is not PyDict dict) return false;
        foreach ((object? key, object? child) in dict.Items)
        {
            if (Key(key) is not { Length: > 0 } text || !prefix.StartsWith(text, StringComparison.Ordinal)) continue;
            Count();
            if (prefix.Length == text.Length)
            {
                found = child;
                return true;
            }
            if (prefix[text.Length] == '.' && TryFollow(child, prefix[(text.Length + 1)..], out found)) return true;
        }
        return false;
    }

    void Count()
    {
        if (++visits > MaxVisits)
            throw new InvalidDataException($"{path}: it has more than {MaxVisits} nested values, which no weights need");
    }

    static List<KeyValuePair<object?, object?>>? Children(object? value) => value switch
    {
        PyDict dict => dict.Items,
        PyObject thing => thing.Attributes.Items,
        _ => null,
    };

    static string? Key(object? key) => key switch
    {
        string text when text.Length <= 4096 => text,
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    static string Join(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";

    static string Describe(object? value) => value switch
    {
        null => "None",
        PyDict { Items.Count: 0 } => "an empty dict",
        PyDict dict =>
            "a dict of " + string.Join(", ", dict.Items.Take(5).Select(item => PickleText.Printable(Key(item.Key) ?? "?"))),
        PyList or PyTuple => "a list",
        PyObject thing => thing.TypeName,
        string => "a text",
        _ => "a number",
    };
}
