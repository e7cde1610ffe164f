using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Copies a file's weights into a model, tensor by tensor, and says what became of each. A backbone must be complete; a head may
/// be missing or of another size only where a new one is asked for.
/// </summary>
public static partial class WeightLoader
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
        Receipt receipt = Take(model, file, origin, head, seed);
        return receipt.Refusal is null ? receipt : throw new InvalidDataException(receipt.Refusal);
    }

    /// <summary>The same for a file of any kind: where it does not fit, the receipt says why it is to be refused.</summary>
    internal static Receipt Take(ImageModel model, ArrayFile file, Origin origin, HeadPolicy head, ulong seed)
    {
        using GradMode mode = Autograd.NoGrad();
        file = FlaxLayout.Of(file); // which is of no use to others, and is nothing to be closed
        NameMap names = model.Family.FileNames(origin, model.Config);
        TensorNames tensors = Complete(TensorNames.Of(file), origin, model);
        NameMap? trunk = model.Family.TrunkNames(tensors, model.Config);
        names = trunk ?? names;
        List<ReceiptEntry> entries = new(model.Parameters.All.Count + 8);
        List<(Parameter Parameter, string Theirs)> missing = [];
        List<(Parameter Parameter, ArrayEntry Found)> otherSized = [];
        var used = new HashSet<ArrayEntry>(ReferenceEqualityComparer.Instance);
        var copies = new WeightCopies(file);
        bool newHead = head == HeadPolicy.New;
        List<Parameter> started = []; // of the decoder

        foreach (Parameter parameter in model.Parameters.All)
        {
            string name = parameter.Name;
            bool ofHead = model.IsOfHead(name);
            long[] shape = parameter.Shape;
            IReadOnlyList<TensorPart> parts = names.Parts(name);
            if (StartsAnew(model, name, parts, tensors, trunk is not null, head))
            {
                entries.Add(Entry(WeightStatus.Started, name, null, shape));
                started.Add(parameter);
                continue;
            }
            if (parts.Count == 0 && trunk is not null && !newHead) // refused below
            {
                missing.Add((parameter, name));
                continue;
            }
            if (parts.Count == 0 && !ofHead)
                throw new InvalidOperationException($"{origin.ShortName()} has no name for {name}");
            if (parts.Count > 1 || parts is [{ Of: > 1 }])
            {
                if (Stack(tensors, parts, parameter, used, otherSized, copies) is { } entry) entries.Add(entry);
                else if (parts.FirstOrDefault(part => tensors.Find(part.Name) is null).Name is { } absent)
                    missing.Add((parameter, absent));
                continue;
            }
            string theirs = parts.Count > 0 ? parts[0].Name : name;
            ArrayEntry? found = tensors.Find(theirs);
            if (found is not null) used.Add(found);
            if (ofHead && (newHead || (head == HeadPolicy.NewWhereNeeded && !Fits(found, shape))))
            {
                entries.Add(Entry(WeightStatus.Started, name, found, shape));
                newHead = true;
            }
            else if (found is null)
            {
                if (name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) continue; // stays 0
                missing.Add((parameter, theirs));
            }
            else if (model.AdaptsStem && StemAdapter.Fits(model.Config, found, shape))
            {
                entries.Add(Entry(WeightStatus.Adapted, name, found, shape));
                StemAdapter.Adapt(file.ToSingles(found), found.Shape, parameter);
            }
            else if (!Fits(found, shape))
            {
                if (Resampled(model, file, found, parameter)) entries.Add(Entry(WeightStatus.Resampled, name, found, shape));
                else otherSized.Add((parameter, found));
            }
            else
            {
                WeightStatus status = !shape.AsSpan().SequenceEqual([.. found.Shape]) ? WeightStatus.Reshaped
                    : found.Name == name ? WeightStatus.Matched : WeightStatus.Renamed;
                entries.Add(Entry(status, name, found, shape));
                copies.Add(found, parameter);
            }
        }
        string? refusal = trunk is not null && head == HeadPolicy.Keep
            ? $"{file.Path}: holds the backbone of {model.FullName} alone, without decoder and head. Name the new classes, and " +
                "both are started." : missing.Count > 0 || otherSized.Count > 0
            ? Refusal(model, file, origin, names, tensors, used, missing, otherSized) : null;
        entries.AddRange(NotTaken(tensors, used, missing, otherSized));
        StartDecoder(model, started, seed);
        if (newHead && model.Head is not null) model.StartHead(seed);

        foreach (string name in tensors.Names)
        {
            ArrayEntry entry = tensors.Find(name)!;
            if (used.Contains(entry)) continue;
            bool ignored = name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ||
                name.EndsWith("relative_position_index", StringComparison.Ordinal) ||
                name.EndsWith("relative_coords_table", StringComparison.Ordinal) ||
                name.EndsWith(".attn_mask", StringComparison.Ordinal);
            if (!ignored && IsOfNetwork(model, names, name))
                refusal ??= $"{file.Path}: holds {name} {Shape(entry.Shape)}, which {model.FullName} as configured has no " +
                    "place for: the configuration and the weights do not belong together.";
            entries.Add(new ReceiptEntry(
                ignored ? WeightStatus.Ignored : WeightStatus.Unused, null, entry.Name, entry.Shape, entry.Shape, entry.Type));
        }
        if (refusal is null) copies.Run();
        if (file is FlaxLayout flax)
            for (int i = 0; i < entries.Count; i++) entries[i] = InFlax(entries[i], flax);
        return new Receipt(file.Path, file.Kind, () => model.FullName, tensors.Prefix, entries)
        {
            Refusal = refusal,
            HasNewDecoder = started.Count > 0,
        };
    }

    /// <summary>
    /// Whether a weight of the decoder is to be drawn: the file is of the backbone alone, or has no auxiliary branch where one
    /// is asked for with a new head.
    /// </summary>
    static bool StartsAnew(
        ImageModel model, string name, IReadOnlyList<TensorPart> parts, TensorNames tensors, bool isTrunk, HeadPolicy head)
    {
        if (head == HeadPolicy.Keep || !model.Backbone.DecoderPaths.Any(path => ModulePath.IsWithin(name, path))) return false;
        if (isTrunk || model.HasNewDecoder) return true;
        // a branch is there as a whole, or not at all
        return head == HeadPolicy.New && model.Backbone.AuxiliaryPaths.Any(path => ModulePath.IsWithin(name, path)) &&
            parts.All(part => tensors.Find(part.Name) is null);
    }

    static void StartDecoder(ImageModel model, List<Parameter> started, ulong seed)
    {
        foreach (string path in model.Backbone.DecoderPaths)
            if (started.Any(parameter => ModulePath.IsWithin(parameter.Name, path))) model.Backbone.StartDecoder(path, seed);
    }

    /// <summary>The same line with what stands in the file, whose layout the loader does not see.</summary>
    static ReceiptEntry InFlax(ReceiptEntry entry, FlaxLayout flax)
    {
        if (entry.Nearest.Count > 0)
            entry = entry with { Nearest = [.. entry.Nearest.Select(near => flax.SourceOf(near).Name)] };
        if (entry.Source is null) return entry;
        ArrayEntry[] sources = [.. entry.Source.Split(", ").Select(flax.SourceOf)];
        IReadOnlyList<long> shape = sources[0].Shape;
        bool isTurned = entry.Status is WeightStatus.Matched or WeightStatus.Renamed && !shape.SequenceEqual(entry.Shape);
        return entry with
        {
            Status = isTurned ? WeightStatus.Reshaped : entry.Status,
            Source = string.Join(", ", sources.Select(source => source.Name)),
            Shape = entry.Name is null ? shape : entry.Shape,
            SourceShape = shape,
        };
    }

    /// <summary>A bare Hugging Face model's file leaves the model's own prefix out.</summary>
    static TensorNames Complete(TensorNames tensors, Origin origin, ImageModel model)
    {
        if (origin is not (Origin.HuggingFace or Origin.Flax)) return tensors;
        string prefix = model.Family.HuggingFacePrefixOf(model.Config);
        if (prefix.Length == 0) return tensors;
        foreach (string name in tensors.Names)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return tensors;
        return tensors.Under(prefix, name => name.StartsWith("classifier", StringComparison.Ordinal));
    }

    /// <summary>
    /// Whether a name of the file is one that a network of this family has, if not this one: a layer more, say.
    /// </summary>
    static bool IsOfNetwork(ImageModel model, NameMap names, string theirs)
    {
        if (names.ToOurs(theirs) is not { } ours || model.IsOfHead(ours)) return false;
        // what only a classifier has, or the decoder that another takes the place of
        if (model.HasNewDecoder && model.Backbone.ClassifierPaths.Concat(model.Backbone.DecoderPaths)
            .Any(path => ModulePath.IsWithin(ours, path))) return false;
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

    /// <summary>Loads positions that were learned for images of another size; false where they are no such thing.</summary>
    static bool Resampled(ImageModel model, ArrayFile file, ArrayEntry found, Parameter parameter)
    {
        if (!found.Type.IsFloatingPoint()) return false;
        using var scope = new TensorScope();
        Tensor theirs = Tensor.FromArray(file.ToSingles(found), [.. found.Shape]);
        if (model.Backbone.Resampled(parameter.Name, theirs) is not { } ours) return false;
        parameter.Value.Copy_(ours);
        return true;
    }

    /// <summary>Puts parts of the file's tensors together; null where one is not there or has another size.</summary>
    static ReceiptEntry? Stack(
        TensorNames tensors, IReadOnlyList<TensorPart> parts, Parameter parameter, HashSet<ArrayEntry> used,
        List<(Parameter Parameter, ArrayEntry Found)> otherSized, WeightCopies copies)
    {
        long[] shape = parameter.Shape;
        List<ArrayEntry> found = [];
        foreach (TensorPart part in parts)
            if (tensors.Find(part.Name) is { } entry) found.Add(entry);
        used.UnionWith(found);
        if (found.Count < parts.Count) return null;
        for (int i = 0; i < parts.Count; i++)
        {
            long[] wanted = [shape[0] / parts.Count * parts[i].Of, .. shape.AsSpan(1)];
            if (Fits(found[i], wanted) && shape[0] % parts.Count == 0) continue;
            otherSized.Add((parameter, found[i]));
            return null;
        }
        int each = (int)(parameter.Value.ElementCount / parts.Count);
        for (int i = 0; i < parts.Count; i++)
            copies.Add(found[i], each * parts[i].Index, parameter, (i * each)..((i + 1) * each));
        string names = string.Join(", ", found.Select(entry => entry.Name));
        WeightStatus status = parts.Count > 1 ? WeightStatus.Joined : WeightStatus.Split;
        return new ReceiptEntry(status, parameter.Name, names, shape, found[0].Shape, found[0].Type);
    }

    static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
