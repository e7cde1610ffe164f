using System.Text.Json;
using Graft.Models.Classification;
using Graft.Nn;

namespace Graft.Models.Segmentation;

/// <summary>The pretrained network of a classification family below a decoder: everything up to its last map.</summary>
/// <param name="Family">its family: <see cref="ResNet"/>, <see cref="MobileNetV3"/> or <see cref="MobileNetV2"/></param>
/// <param name="Config">its sizes; classes, pool and head have no meaning here</param>
public sealed record Trunk(ModelFamily Family, ModelConfig Config)
{
    /// <summary>Where its weights stand, under our names and torchvision's.</summary>
    internal const string Place = "backbone";

    static readonly ModelFamily[] families = [new ResNet(), new MobileNetV3(), new MobileNetV2()];

    /// <summary>Builds it below the root.</summary>
    internal Backbone Build(ModulePath root, int inputChannels) =>
        // a decoder of whatever kind: what a classifier has after its last map is left out
        Family.Build(root / Place, Config with { InputChannels = inputChannels, Decoder = DecoderKind.DeepLabV3 });

    /// <summary>
    /// What torchvision's segmentation networks call its weights: they take a classifier's features apart by number.
    /// </summary>
    internal IEnumerable<(string Ours, string Theirs)> TorchVisionNames()
    {
        const string features = "features";
        foreach ((string ours, string theirs) in Family.Names(Origin.TorchVision, Config))
            if (theirs.Length == 0) yield return (Place, Place);
            else if (ModulePath.IsWithin(theirs, features)) yield return ($"{Place}.{ours}", Place + theirs[features.Length..]);
    }

    /// <summary>
    /// What a file of a classifier calls them, of whatever origin; null where it is no classifier of the family.
    /// </summary>
    internal NameMap? NamesIn(TensorNames tensors) =>
        Family.Recognize(tensors) is { } seen ? Family.FileNames(seen.Origin, Config).Below(Place, "") : null;

    /// <summary>The trunk in a file of torchvision's names, its strides not yet known; null where there is none.</summary>
    internal static Trunk? Recognize(TensorNames tensors)
    {
        foreach (ModelFamily family in families)
        {
            string instead = family is ResNet ? "" : "features.";
            if (family.RecognizeTrunk(tensors.Below(Place + ".", instead)) is { } config) return new Trunk(family, config);
        }
        return null;
    }

    /// <summary>The same trunk with its last stages dilated, as torchvision dilates it.</summary>
    internal Trunk Dilated() => this with
    {
        Config = Config is MobileNetV3.Config its ? its with { OutputStride = 16, DilatesAtOnce = true }
            : Family.Dilated(Config, outputStride: 8)!,
    };

    /// <summary>torchvision's variant of that name as a trunk.</summary>
    internal static Trunk TorchVision(string name)
    {
        foreach (ModelFamily family in families)
            foreach (ModelVariant variant in family.Variants)
                if (variant.Origin == Origin.TorchVision && variant.Name == name) return new Trunk(family, variant.Config);
        throw new ArgumentException($"torchvision has no {name}", nameof(name));
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("trunk");
        writer.WriteString("family", Family.Name);
        Family.Write(Config, writer);
        writer.WriteEndObject();
    }

    internal static Trunk Read(ConfigReader config)
    {
        ConfigReader own = config.Section("trunk")
            ?? throw new InvalidDataException($"{config.Where}: trunk: expected the backbone's settings, found none");
        string name = own.Text("family", "");
        ModelFamily family = families.FirstOrDefault(one => one.Name == name) ?? throw new NotSupportedException(
            $"{own.Where}: family '{name}' is not known: expected one of {string.Join(", ", families.Select(one => one.Name))}");
        return new Trunk(family, family.Read(own));
    }
}
