using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>Writes and reads every setting of a mobile network; equal neighbours among blocks are written once.</summary>
static class MobileJson
{
    const int MaxBlocks = 1024, MaxStages = 64;

    public static void Write(MobileConfig its, Utf8JsonWriter writer)
    {
        writer.WriteNumber("stem", its.Stem);
        writer.WriteNumber("stem_kernel", its.StemKernel);
        writer.WriteNumber("features", its.Features);
        writer.WriteString("activation", its.Activation.ToString());
        if (its.SqueezeActivation is { } squeeze) writer.WriteString("squeeze_activation", squeeze.ToString());
        writer.WriteString("gate", its.Gate.ToString());
        writer.WriteString("border", its.Border.ToString());
        writer.WriteNumber("eps", its.Eps);
        writer.WriteNumber("momentum", its.Momentum);
        writer.WriteNumber("output_stride", its.OutputStride);
        if (its.DilatesAtOnce) writer.WriteBoolean("dilates_at_once", true);
        writer.WriteStartArray("blocks");
        for (int stage = 0; stage < its.Stages.Count; stage++)
        {
            IReadOnlyList<MobileBlock> blocks = its.Stages[stage];
            for (int i = 0, run; i < blocks.Count; i += run)
            {
                for (run = 1; i + run < blocks.Count && blocks[i + run] == blocks[i];) run++;
                Write(blocks[i], stage, run, writer);
            }
        }
        writer.WriteEndArray();
    }

    static void Write(MobileBlock block, int stage, int count, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("stage", stage);
        writer.WriteNumber("count", count);
        writer.WriteString("kind", block.Kind.ToString());
        writer.WriteNumber("kernel", block.Kernel);
        writer.WriteNumber("stride", block.Stride);
        writer.WriteNumber("wide", block.Wide);
        writer.WriteNumber("channels", block.Channels);
        writer.WriteNumber("squeezed", block.Squeezed);
        writer.WriteString("activation", block.Activation.ToString());
        writer.WriteBoolean("residual", block.Residual);
        writer.WriteString("border", block.Border.ToString());
        writer.WriteEndObject();
    }

    /// <summary>The settings read into a config of the family's kind.</summary>
    public static T Read<T>(ConfigReader config, T empty) where T : MobileConfig
    {
        int stem = config.Int("stem", 32);
        return empty with
        {
            Stem = stem,
            StemKernel = config.Int("stem_kernel", 3, max: 63),
            Features = config.Int("features", 1280),
            Activation = config.Name("activation", ActivationKind.Silu),
            SqueezeActivation = config.Has("squeeze_activation") ? config.Name("squeeze_activation", ActivationKind.Relu) : null,
            Gate = config.Name("gate", ActivationKind.Sigmoid),
            Border = config.Name("border", BorderKind.Symmetric),
            Eps = config.Number("eps", 1e-5, 0, 1),
            Momentum = config.Number("momentum", 0.1, 0, 1),
            OutputStride = config.Int("output_stride", 32),
            DilatesAtOnce = config.Flag("dilates_at_once", false),
            Stages = Stages(config, stem),
        };
    }

    static List<IReadOnlyList<MobileBlock>> Stages(ConfigReader config, int inputs)
    {
        if (!config.Element.TryGetProperty("blocks", out JsonElement all) || all.ValueKind != JsonValueKind.Array)
            throw config.Wrong("blocks", "a list of blocks", all);
        List<List<MobileBlock>> stages = [];
        int total = 0;
        foreach (JsonElement element in all.EnumerateArray())
        {
            var reader = new ConfigReader(element, $"{config.Where}: blocks");
            int stage = reader.Int("stage", 0, min: 0, max: MaxStages - 1), count = reader.Int("count", 1, max: MaxBlocks);
            if (stage != stages.Count && stage != stages.Count - 1)
                throw new InvalidDataException($"{reader.Where}: stage: expected {stages.Count}, found {stage}");
            if ((total += count) > MaxBlocks)
                throw new InvalidDataException($"{reader.Where}: expected at most {MaxBlocks}, found more");
            if (stage == stages.Count) stages.Add([]);
            for (int i = 0; i < count; i++)
            {
                stages[stage].Add(Block(reader, inputs));
                inputs = stages[stage][^1].Channels;
            }
        }
        return stages.Count > 0 ? [.. stages] : throw config.Wrong("blocks", "at least one block", all);
    }

    static MobileBlock Block(ConfigReader reader, int inputs)
    {
        var block = new MobileBlock
        {
            Kind = reader.Name("kind", MobileBlockKind.Inverted),
            Kernel = reader.Int("kernel", 3, max: 63),
            Stride = reader.Int("stride", 1, max: 2),
            Wide = reader.Int("wide", 0, min: 0, max: 1 << 20),
            Channels = reader.Int("channels", 0),
            Squeezed = reader.Int("squeezed", 0, min: 0),
            Activation = reader.Name("activation", ActivationKind.Silu),
            Residual = reader.Flag("residual", false),
            Border = reader.Name("border", BorderKind.Symmetric),
        };
        bool widens = block.Kind is MobileBlockKind.Inverted or MobileBlockKind.Fused;
        if (block.Channels < 1 || (widens && block.Wide < 1))
            throw new InvalidDataException($"{reader.Where}: expected channels and wide of at least 1");
        return block.Residual && (block.Stride != 1 || block.Channels != inputs)
            ? throw new InvalidDataException(
                $"{reader.Where}: residual: expected stride 1 and {inputs} channels, found {block.Stride} and {block.Channels}")
            : block;
    }
}
