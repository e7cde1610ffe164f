using System.Text.Json;
using Graft.Data;
using Graft.Formats;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;

namespace Graft;

/// <summary>
/// What a report tells that is in none of a run's other files: <c>facts.json</c>. What the data is made of, and which layers were
/// trained.
/// </summary>
sealed record RunFacts
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "facts.json";

    const int MeasuredImages = 400, HeaderBytes = 1 << 16;

    /// <summary>One part of the data.</summary>
    /// <param name="Name"><c>train</c> or <c>val</c></param>
    /// <param name="Images">how many images it has</param>
    /// <param name="Counts">images of each class or label, <c>[K]</c></param>
    public sealed record Part(string Name, int Images, IReadOnlyList<int> Counts);

    /// <summary>One group of layers.</summary>
    /// <param name="Name">such as <c>stem</c></param>
    /// <param name="Parameters">numbers in its weights</param>
    /// <param name="Trained">of these, how many were trained in the end</param>
    public sealed record Layer(string Name, long Parameters, long Trained);

    /// <summary>The parts.</summary>
    public IReadOnlyList<Part> Parts { get; init; } = [];

    /// <summary>Width and height of images of the training part: of all, or of some hundred evenly from it.</summary>
    public IReadOnlyList<int[]> Sizes { get; init; } = [];

    /// <summary>The groups of layers from the stem to the head.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    /// <summary>The layers as <c>graft summary</c> prints them, two levels deep.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What is to be told of a run.</summary>
    public static RunFacts Of(ImageModel model, ImageDataset training, ImageDataset validation) => new()
    {
        Parts = [PartOf("train", training), PartOf("val", validation)],
        Sizes = SizesOf(training),
        Summary = SummaryOf(model),
        Layers =
        [
            .. model.LayerGroups.Select(group =>
            {
                var own = model.Parameters.Weights.Where(weight => group.Contains(weight.Name)).ToList();
                return new Layer(
                    group.Name, own.Sum(weight => weight.Value.ElementCount),
                    own.Where(weight => weight.RequiresGrad).Sum(weight => weight.Value.ElementCount));
            }),
        ],
    };

    /// <summary>Writes the file.</summary>
    public void Write(string path) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(this, options) + "\n");

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RunFacts Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunFacts>(File.ReadAllBytes(path), options) ?? new RunFacts();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected the facts of a run: {error.Message}", error);
        }
    }

    static readonly JsonSerializerOptions options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    static string SummaryOf(ImageModel model)
    {
        const int Depth = 2;
        Preprocess preprocess = model.Preprocess;
        using Tensor images = Tensor.Zeros(
            [1, model.Config.InputChannels, preprocess.Height, preprocess.Width], device: model.Parameters.Device);
        return model.Summarize(images).ToText(Depth);
    }

    static Part PartOf(string name, ImageDataset images) => new(name, images.Count, images.CountsByClass());

    static List<int[]> SizesOf(ImageDataset images)
    {
        List<int[]> sizes = [];
        int count = Math.Min(MeasuredImages, images.Count);
        for (int i = 0; i < count; i++)
            if (SizeOf(images.Samples[(int)((long)i * images.Count / count)].Path) is { } size) sizes.Add(size);
        return sizes;
    }

    static int[]? SizeOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(HeaderBytes, file.Length)];
            file.ReadExactly(bytes);
            return Known(bytes) ?? (file.Length > HeaderBytes ? Known(File.ReadAllBytes(path)) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // it was readable for training, or is among the skipped ones
        }
    }

    static int[]? Known(byte[] bytes)
    {
        try
        {
            ImageInfo info = ImageCodec.Identify(bytes);
            return [info.Width, info.Height];
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }
}
