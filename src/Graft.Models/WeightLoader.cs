using System.Runtime.InteropServices;
using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Copies a file's weights into a model, tensor by tensor, and says what became of each. A backbone must be complete; a head may
/// be missing or of another size only where a new one is asked for.
/// </summary>
public static class WeightLoader
{
    /// <summary>Loads a file of an origin's names.</summary>
    /// <param name="model">the model, built for as many classes as are wanted</param>
    /// <param name="file">the weights</param>
    /// <param name="origin">whose names the file has</param>
    /// <param name="head">what is done about the head</param>
    /// <param name="seed">the seed of a new head</param>
    /// <exception cref="InvalidDataException">Weights are missing, or of other sizes; the message names the first.</exception>
    public static Receipt Load(ImageModel model, ArrayFile file, Origin origin, HeadPolicy head = HeadPolicy.Keep, ulong seed = 0)
    {
        using GradMode mode = Autograd.NoGrad();
        NameMap names = model.Family.Names(origin, model.Config);
        TensorNames tensors = Complete(TensorNames.Of(file), origin, model, names);
        List<ReceiptEntry> entries = new(model.Parameters.All.Count + 8);
        List<Parameter> missing = [];
        List<(Parameter Parameter, ArrayEntry Found)> otherSized = [];
        var used = new HashSet<ArrayEntry>(ReferenceEqualityComparer.Instance);
        bool newHead = head == HeadPolicy.New;

        foreach (Parameter parameter in model.Parameters.All)
        {
            string name = parameter.Name;
            string theirs = names.ToTheirs(name)
                ?? throw new InvalidOperationException($"{origin.ShortName()} has no name for {name}");
            bool ofHead = ModulePath.IsWithin(name, model.HeadPath);
            ArrayEntry? found = tensors.Find(theirs);
            long[] shape = parameter.Shape;
            if (found is not null) used.Add(found);
            if (ofHead && (newHead || (head == HeadPolicy.NewWhereNeeded && !Fits(found, shape))))
            {
                entries.Add(Entry(WeightStatus.Started, name, found, shape));
                newHead = true;
            }
            else if (found is null)
            {
                if (name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) continue; // stays 0
                missing.Add(parameter);
            }
            else if (!Fits(found, shape)) otherSized.Add((parameter, found));
            else
            {
                WeightStatus status = !shape.AsSpan().SequenceEqual([.. found.Shape]) ? WeightStatus.Reshaped
                    : found.Name == name ? WeightStatus.Matched : WeightStatus.Renamed;
                entries.Add(Entry(status, name, found, shape));
                Copy(file, found, parameter);
            }
        }
        if (missing.Count > 0 || otherSized.Count > 0)
            throw Refusal(model, file, origin, names, tensors, used, missing, otherSized);
        if (newHead && model.Head is not null) model.StartHead(seed);

        foreach (string name in tensors.Names)
        {
            ArrayEntry entry = tensors.Find(name)!;
            if (used.Contains(entry)) continue;
            bool ignored = name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ||
                name.EndsWith("relative_position_index", StringComparison.Ordinal);
            if (!ignored && IsOfNetwork(model, names, name))
                throw new InvalidDataException(
                    $"{file.Path}: holds {name} {Shape(entry.Shape)}, which {model.FullName} as configured has no place for: " +
                    "the configuration and the weights do not belong together.");
            entries.Add(new ReceiptEntry(
                ignored ? WeightStatus.Ignored : WeightStatus.Unused, null, entry.Name, entry.Shape, entry.Shape, entry.Type));
        }
        return new Receipt(file.Path, file.Kind, () => model.FullName, tensors.Prefix, entries);
    }

    /// <summary>A bare Hugging Face model's file leaves the model's own prefix out.</summary>
    static TensorNames Complete(TensorNames tensors, Origin origin, ImageModel model, NameMap names)
    {
        if (origin != Origin.HuggingFace) return tensors;
        string prefix = model.Family.HuggingFacePrefix;
        foreach (string name in tensors.Names)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return tensors;
        return tensors.Under(prefix, name => name.StartsWith("classifier", StringComparison.Ordinal));
    }

    /// <summary>
    /// Whether a name of the file is one that a network of this family has, if not this one: a layer more, say.
    /// </summary>
    static bool IsOfNetwork(ImageModel model, NameMap names, string theirs)
    {
        if (names.ToOurs(theirs) is not { } ours || ModulePath.IsWithin(ours, model.HeadPath)) return false;
        // with an open map (every name is its own) only the places of the family's layers count
        foreach (LayerGroup group in model.Backbone.LayerGroups)
            if (group.Contains(ours)) return true;
        int dot = ours.IndexOf('.');
        string first = (dot < 0 ? ours : ours[..dot]).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        foreach (LayerGroup group in model.Backbone.LayerGroups)
            if (group.Paths[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is var place &&
                (place == first || place == first + ".")) return true;
        return false;
    }

    static ReceiptEntry Entry(WeightStatus status, string name, ArrayEntry? found, long[] shape) =>
        new(status, name, found?.Name, shape, found?.Shape, found?.Type);

    /// <summary>The same sizes, sizes of 1 aside.</summary>
    static bool Fits(ArrayEntry? found, long[] shape)
    {
        if (found is null) return false;
        int i = 0;
        foreach (long size in found.Shape)
        {
            if (size == 1) continue;
            while (i < shape.Length && shape[i] == 1) i++;
            if (i == shape.Length || shape[i++] != size) return false;
        }
        while (i < shape.Length && shape[i] == 1) i++;
        return i == shape.Length;
    }

    static void Copy(ArrayFile file, ArrayEntry entry, Parameter parameter)
    {
        bool counter = parameter.Value.DType == DType.Int64;
        if (!counter && !entry.Type.IsFloatingPoint())
            throw new InvalidDataException($"{file.Path}: {entry.Name}: expected real numbers, found {entry.Type.TorchName()}");
        if (entry.Type == (counter ? ElementType.Int64 : ElementType.Float32))
        {
            if (entry.ByteLength <= int.MaxValue) file.Bytes(entry).CopyTo(parameter.Value.AsBytes());
            else CopyInParts(file, entry, parameter);
            return;
        }
        if (counter)
        {
            parameter.Value.Fill_(file.ToSingles(entry)[0]); // some convert their counters along with the weights
            return;
        }
        Span<float> to = parameter.Value.AsSpan<float>();
        ReadOnlySpan<byte> from = file.Bytes(entry);
        if (entry.Type == ElementType.BFloat16)
        {
            ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(from);
            for (int i = 0; i < to.Length; i++) to[i] = BitConverter.Int32BitsToSingle(halves[i] << 16);
        }
        else if (entry.Type == ElementType.Float16)
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(from);
            for (int i = 0; i < to.Length; i++) to[i] = (float)halves[i];
        }
        else file.ToSingles(entry).CopyTo(to);
    }

    static void CopyInParts(ArrayFile file, ArrayEntry entry, Parameter parameter)
    {
        Span<float> all = parameter.Value.AsSpan<float>();
        const int Part = 1 << 28;
        for (int at = 0; at < all.Length; at += Part)
            file.Read(entry, 4L * at, MemoryMarshal.AsBytes(all.Slice(at, Math.Min(Part, all.Length - at))));
    }

    static InvalidDataException Refusal(
        ImageModel model, ArrayFile file, Origin origin, NameMap names, TensorNames tensors, HashSet<ArrayEntry> used,
        List<Parameter> missing, List<(Parameter Parameter, ArrayEntry Found)> otherSized)
    {
        bool OfHead(Parameter parameter) => ModulePath.IsWithin(parameter.Name, model.HeadPath);
        const string Reset = "graft train starts a new head; in code, ModelOptions.ResetHead does.";
        if (otherSized.Find(item => !OfHead(item.Parameter)) is { Parameter: { } first } other)
        {
            int count = otherSized.Count(item => !OfHead(item.Parameter));
            string more = count > 1 ? $", and {count - 1} more tensors of other sizes" : "";
            return new InvalidDataException(
                $"{file.Path}: {other.Found.Name}: {model.FullName} as configured expects {Shape(first.Shape)}, found " +
                $"{Shape(other.Found.Shape)}{more}: the configuration and the weights do not belong together." +
                LooksLike(model, origin, names, tensors));
        }
        List<Parameter> body = missing.FindAll(parameter => !OfHead(parameter));
        if (body.Count > 0)
        {
            int wanted = model.Parameters.All.Count(parameter =>
                !OfHead(parameter) && !parameter.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));
            string[] theirs = [.. body.Take(3).Select(parameter => names.ToTheirs(parameter.Name)!)];
            string more = body.Count > 3 ? $" and {body.Count - 3} more" : "";
            IEnumerable<string> unused = tensors.Names.Where(name => !used.Contains(tensors.Find(name)!));
            string hint = LooksLike(model, origin, names, tensors);
            if (hint.Length == 0 && Suggest.Nearest(theirs[0], unused, 1) is [var near])
                hint = $" Did the file mean it by {near}?";
            return new InvalidDataException(
                $"{file.Path}: incomplete: {body.Count} of the {wanted} tensors of {model.FullName} are missing: " +
                $"{string.Join(", ", theirs)}{more}.{hint}");
        }
        if (otherSized.Count > 0)
            return new InvalidDataException(
                $"{otherSized[0].Parameter.Name}: expected {Shape(otherSized[0].Parameter.Shape)}, found " +
                $"{Shape(otherSized[0].Found.Shape)}. {Reset}");
        return new InvalidDataException(
            $"{missing[0].Name}: expected {Shape(missing[0].Shape)}, but {file.Path} has no head. {Reset}");
    }

    /// <summary>What the file is instead, where that can be seen; else nothing.</summary>
    static string LooksLike(ImageModel model, Origin origin, NameMap names, TensorNames tensors)
    {
        if (ModelZoo.Recognize(tensors) is not { } seen) return "";
        ModelVariant? variant = seen.Family.VariantOf(seen.Origin, seen.Config);
        bool sameNames = seen.Family.Name == model.Family.Name &&
            (seen.Origin == origin || ReferenceEquals(seen.Family.Names(seen.Origin, seen.Config), names));
        if (sameNames && (variant is null || variant.Name == model.Name)) return "";
        return $" It looks like {seen.Origin.ShortName()}:{variant?.Name ?? seen.Family.Name}.";
    }

    static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
