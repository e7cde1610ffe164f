namespace Graft.Formats;

/// <summary>What the unpickler does when a global is called.</summary>
enum PickleCall
{
    /// <summary>Not callable: a type that is only mentioned.</summary>
    None,
    Dict,
    DefaultDict,
    Set,
    Tensor,
    TensorV2,
    TensorV3,
    Parameter,
    FromType,
    Storage,
    DataType,
    TensorType,
    Size,
    Text,
    Path,
    Encode,
    Bytes,
    NumpyType,
    NumpyScalar,
    Plain,
    NotSupported,
}

/// <summary>
/// A global that a pickle may name. This list is all there is: every other name is refused, and none of them runs anything.
/// </summary>
sealed record PickleGlobal(string Name, PickleCall Call, ElementType? Type = null)
{
    static readonly Dictionary<string, PickleGlobal> known = Build();

    public static PickleGlobal? Find(string name) => known.GetValueOrDefault(name);

    static Dictionary<string, PickleGlobal> Build()
    {
        Dictionary<string, PickleGlobal> all = new(StringComparer.Ordinal);
        void Add(PickleCall call, params ReadOnlySpan<string> names)
        {
            foreach (string name in names) all.Add(name, new(name, call));
        }

        Add(PickleCall.Dict, "collections.OrderedDict", "collections.Counter");
        Add(PickleCall.DefaultDict, "collections.defaultdict");
        Add(PickleCall.None, "builtins.dict", "builtins.list", "builtins.int", "builtins.float", "builtins.str", "builtins.tuple",
            "__builtin__.dict", "__builtin__.list", "__builtin__.int", "__builtin__.float", "__builtin__.str",
            "__builtin__.tuple");
        Add(PickleCall.Set, "builtins.set", "builtins.frozenset", "__builtin__.set", "__builtin__.frozenset");
        Add(PickleCall.Tensor, "torch._utils._rebuild_tensor");
        Add(PickleCall.TensorV2, "torch._utils._rebuild_tensor_v2");
        Add(PickleCall.TensorV3, "torch._utils._rebuild_tensor_v3");
        Add(PickleCall.Parameter, "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
        Add(PickleCall.FromType, "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type");
        Add(PickleCall.TensorType, "torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter",
            "torch.nn.parameter.Buffer");
        Add(PickleCall.Size, "torch.Size");
        Add(PickleCall.Text, "torch.device", "torch.torch_version.TorchVersion");
        Add(PickleCall.Path, "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
            "pathlib.Path", "pathlib._local.PosixPath", "pathlib._local.WindowsPath");
        Add(PickleCall.Encode, "_codecs.encode");
        Add(PickleCall.Bytes, "builtins.bytes", "__builtin__.bytes", "builtins.bytearray", "__builtin__.bytearray");
        Add(PickleCall.NumpyType, "numpy.dtype");
        Add(PickleCall.NumpyScalar, "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar");
        Add(PickleCall.Plain, "argparse.Namespace", "types.SimpleNamespace");
        Add(PickleCall.NotSupported, "torch._utils._rebuild_qtensor", "torch._utils._rebuild_sparse_tensor",
            "torch._utils._rebuild_sparse_csr_tensor", "torch._utils._rebuild_nested_tensor",
            "torch._utils._rebuild_meta_tensor_no_storage", "torch._utils._rebuild_device_tensor_from_numpy",
            "torch._utils._rebuild_xla_tensor", "torch._utils._rebuild_mlc_tensor", "torch._utils._rebuild_wrapper_subclass");

        (string Name, ElementType Type)[] storages =
        [
            ("Bool", ElementType.Bool), ("Byte", ElementType.UInt8), ("Char", ElementType.Int8), ("Short", ElementType.Int16),
            ("Int", ElementType.Int32), ("Long", ElementType.Int64), ("Half", ElementType.Float16),
            ("BFloat16", ElementType.BFloat16), ("Float", ElementType.Float32), ("Double", ElementType.Float64),
        ];
        foreach (string module in (ReadOnlySpan<string>)["torch", "torch.cuda"])
        {
            foreach ((string name, ElementType type) in storages)
                all.Add($"{module}.{name}Storage", new($"{module}.{name}Storage", PickleCall.Storage, type));
            string[] others = ["ComplexFloat", "ComplexDouble", "QInt8", "QUInt8", "QInt32", "QUInt4x2", "QUInt2x4"];
            foreach (string name in others)
                Add(PickleCall.NotSupported, $"{module}.{name}Storage");
        }
        Add(PickleCall.Storage, "torch.storage.UntypedStorage", "torch.storage._UntypedStorage", "torch.UntypedStorage");

        foreach (ElementType type in ElementTypes.All)
            all.Add($"torch.{type.TorchName()}", new($"torch.{type.TorchName()}", PickleCall.DataType, type));
        // Types that settings mention; a tensor of one is refused when it is built.
        Add(PickleCall.DataType, "torch.complex32", "torch.complex64", "torch.complex128", "torch.qint8", "torch.quint8",
            "torch.qint32",
            "torch.float8_e4m3fn", "torch.float8_e5m2", "torch.float8_e4m3fnuz", "torch.float8_e5m2fnuz", "torch.float8_e8m0fnu");
        return all;
    }
}
