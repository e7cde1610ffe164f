using Graft.Formats;
using Graft.Nn;

namespace Graft.Models;

public static partial class WeightLoader
{
    /// <summary>How many missing tensors get the names that may be meant: comparing names takes time.</summary>
    const int SuggestedFor = 100;

    /// <summary>A line for each tensor that the file has not, or has in another size; with the names that may be meant.</summary>
    static IEnumerable<ReceiptEntry> NotTaken(
        TensorNames tensors, HashSet<ArrayEntry> used, List<(Parameter Parameter, string Theirs)> missing,
        List<(Parameter Parameter, ArrayEntry Found)> otherSized)
    {
        foreach ((Parameter parameter, ArrayEntry found) in otherSized)
            yield return Entry(WeightStatus.Missing, parameter.Name, found, parameter.Shape);
        if (missing.Count == 0) yield break;
        string[] unused = [.. tensors.Names.Where(name => !used.Contains(tensors.Find(name)!))];
        for (int i = 0; i < missing.Count; i++)
        {
            (Parameter parameter, string theirs) = missing[i];
            string[] near = [];
            if (i < SuggestedFor)
            {
                // what has the right shape goes first
                string[] fitting = [.. unused.Where(name => Fits(tensors.Find(name), parameter.Shape))];
                near = [.. Suggest.Nearest(theirs, fitting).Concat(Suggest.Nearest(theirs, unused)).Distinct().Take(2)];
            }
            yield return Entry(WeightStatus.Missing, parameter.Name, null, parameter.Shape) with
            {
                Wanted = theirs,
                Nearest = [.. near.Select(name => tensors.Find(name)!.Name)],
            };
        }
    }

    /// <summary>Why the file is refused, in one line.</summary>
    static string Refusal(
        ImageModel model, ArrayFile file, Origin origin, NameMap names, TensorNames tensors, HashSet<ArrayEntry> used,
        List<(Parameter Parameter, string Theirs)> missing, List<(Parameter Parameter, ArrayEntry Found)> otherSized)
    {
        bool OfHead(Parameter parameter) => model.IsOfHead(parameter.Name);
        const string Reset = "graft train starts a new head; in code, ModelOptions.ResetHead does.";
        if (otherSized.Find(item => !OfHead(item.Parameter)) is { Parameter: { } first } other)
        {
            int count = otherSized.Count(item => !OfHead(item.Parameter));
            string more = count > 1 ? $", and {count - 1} more tensors of other sizes" : "";
            return
                $"{file.Path}: {other.Found.Name}: {model.FullName} as configured expects {Shape(first.Shape)}, found " +
                $"{Shape(other.Found.Shape)}{more}: the configuration and the weights do not belong together." +
                LooksLike(model, origin, names, tensors);
        }
        List<(Parameter Parameter, string Theirs)> body = missing.FindAll(item => !OfHead(item.Parameter));
        if (body.Count > 0)
        {
            int wanted = model.Parameters.All.Count(parameter =>
                !OfHead(parameter) && !parameter.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));
            string[] theirs = [.. body.Take(3).Select(item => item.Theirs)];
            string more = body.Count > 3 ? $" and {body.Count - 3} more" : "";
            IEnumerable<string> unused = tensors.Names.Where(name => !used.Contains(tensors.Find(name)!));
            string hint = LooksLike(model, origin, names, tensors);
            if (hint.Length == 0 && Suggest.Nearest(theirs[0], unused, 1) is [var near])
                hint = $" Did the file mean it by {near}?";
            return
                $"{file.Path}: incomplete: {body.Count} of the {wanted} tensors of {model.FullName} are missing: " +
                $"{string.Join(", ", theirs)}{more}.{hint}";
        }
        if (otherSized.Count > 0)
            return
                $"{otherSized[0].Parameter.Name}: expected {Shape(otherSized[0].Parameter.Shape)}, found " +
                $"{Shape(otherSized[0].Found.Shape)}. {Reset}";
        return
            $"{missing[0].Parameter.Name}: expected {Shape(missing[0].Parameter.Shape)}, but {file.Path} has no head. {Reset}";
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
}
