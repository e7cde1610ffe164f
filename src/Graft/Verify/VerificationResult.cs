using System.Globalization;

namespace Graft;

/// <summary>What came of holding a model against recorded logits.</summary>
public sealed record VerificationResult
{
    /// <summary>The model, as it was opened.</summary>
    public required string Model { get; init; }

    /// <summary>Its architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The recording.</summary>
    public required string Against { get; init; }

    /// <summary>The standard deviation of the recorded logits.</summary>
    public required double Spread { get; init; }

    /// <summary>The share of it that a difference may have.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The images.</summary>
    public required IReadOnlyList<VerifiedImage> Images { get; init; }

    /// <summary>Whether every image passed.</summary>
    public bool Passed => Images.All(image => image.Passed);

    /// <summary>The largest difference, as a share of the spread.</summary>
    public double LargestShare => Images.Max(image => image.Share);

    /// <summary>The images that did not pass, in words: on which side, where that can be told.</summary>
    public string Verdict
    {
        get
        {
            int failed = Images.Count(image => !image.Passed);
            string limit = Tolerance.ToString("0.#e+0", CultureInfo.InvariantCulture);
            if (failed == 0) return $"the same: all {Images.Count} within {limit} of the spread";
            int before = Images.Count(image => image.Side == DifferenceSide.Preprocessing);
            int within = Images.Count(image => image.Side == DifferenceSide.Network);
            string where = before > 0 && within > 0 ? $": {before} in preprocessing, {within} in the network"
                : before > 0 ? ": the pixels differ already, so look at the preprocessing"
                : within > 0 ? ": the pixels are the same, so look at the network" : "";
            return $"different: {failed} of {Images.Count} beyond {limit} of the spread{where}";
        }
    }
}
