using System.Text.Json.Nodes;
using Graft.Formats;
using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests;

/// <summary>
/// Model folders of every family with something wrong in them: each opens, or is refused in one line, and neither takes memory
/// that the files do not account for.
/// </summary>
public sealed class HostileModelTests : IDisposable
{
    static readonly string[] labels = ["ant", "bee", "wasp"];
    static readonly byte[] favourites = [.. "0123456789\"{}[],: -\\e"u8];
    readonly TemporaryFolder folder = new();
    readonly long before = Tensor.LiveCount;

    /// <summary>One variant of each family, the first of Hugging Face where there is one.</summary>
    public static TheoryData<string> Families => [.. ModelZoo.Families.Where(family => family.Variants.Count > 0).Select(family =>
        (family.Variants.FirstOrDefault(variant => variant.Origin == Origin.HuggingFace) ?? family.Variants[0]).FullName)];

    public void Dispose()
    {
        folder.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    string Place => folder["m"];

    string Weights => Path.Combine(Place, "model.safetensors");

    string Config => Path.Combine(Place, "config.json");

    /// <summary>A tiny network of that family, saved; its values under our names.</summary>
    Dictionary<string, float[]> Save(string name)
    {
        ModelVariant variant = ModelZoo.FindVariant(name);
        Preprocess preprocess = variant.Preprocess with { Height = 64, Width = 64 };
        using ImageModel model = ModelZoo.Create(variant.Family, ZooTests.Tiny(variant), variant.Origin, preprocess, labels, 3);
        ModelSaver.Save(model, Place);
        return Values(model);
    }

    static Dictionary<string, float[]> Values(ImageModel model) => model.Parameters.All
        .Where(parameter => parameter.Value.DType == DType.Float32)
        .ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray<float>());

    List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> Arrays()
    {
        using ArrayFile file = WeightFile.Open(Weights);
        return [.. file.Entries.Select(entry => (entry, (ReadOnlyMemory<byte>)file.Bytes(entry).ToArray()))];
    }

    void Write(List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays) => SafetensorsWriter.Write(Weights, arrays);

    string Refused() => Refused(Place);

    static string Refused(string path)
    {
        Exception? error = Record.Exception(() => ModelZoo.Open(path).Dispose());
        Assert.True(
            error is InvalidDataException or NotSupportedException or FileNotFoundException, error?.ToString() ?? "it opened");
        Assert.DoesNotContain('\n', error!.Message);
        return error.Message;
    }

    static byte[] As(ElementType type, ReadOnlySpan<byte> singles)
    {
        List<byte> bytes = [];
        for (int i = 0; i < singles.Length; i += 4)
        {
            float value = BitConverter.ToSingle(singles[i..]);
            bytes.AddRange(type switch
            {
                ElementType.Float16 => BitConverter.GetBytes((Half)value),
                ElementType.BFloat16 => BitConverter.GetBytes(value)[2..],
                _ => BitConverter.GetBytes((double)value),
            });
        }
        return [.. bytes];
    }

    [Theory, MemberData(nameof(Families))]
    public void Other_precisions_open_as_float32(string name)
    {
        Dictionary<string, float[]> original = Save(name);
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays();
        foreach (ElementType type in (ElementType[])[ElementType.Float16, ElementType.BFloat16, ElementType.Float64])
        {
            List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> others = [.. arrays.Select(one =>
                one.Entry.Type == ElementType.Float32 ? (one.Entry with { Type = type }, As(type, one.Bytes.Span)) : one)];
            foreach (bool isTorch in (bool[])[false, true])
            {
                File.Delete(Weights);
                string torch = Path.Combine(Place, "pytorch_model.bin");
                File.Delete(torch);
                if (isTorch) TorchFileWriter.Write(torch, others);
                else Write(others);
                using ImageModel model = ModelZoo.Open(Place);
                foreach ((string key, float[] values) in Values(model))
                    for (int i = 0; i < values.Length; i++)
                    {
                        float rounded = type == ElementType.Float16 ? (float)(Half)original[key][i] : original[key][i];
                        float slack = type == ElementType.BFloat16 ? Math.Abs(original[key][i]) / 128 : 0;
                        Assert.InRange(values[i], rounded - slack, rounded + slack);
                    }
            }
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void A_tensor_that_is_missing_or_turned_is_named(string name)
    {
        Save(name);
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays();
        int[] weights = [.. Enumerable.Range(0, arrays.Count).Where(i => arrays[i].Entry.Type == ElementType.Float32)];
        for (int i = 0; i < weights.Length; i += Math.Max(1, weights.Length / 8))
        {
            string tensor = arrays[weights[i]].Entry.Name;
            Write([.. arrays.Where((_, index) => index != weights[i])]);
            string message = Refused();
            Assert.Contains(tensor.Split('.')[^1], message);
            Assert.True(message.Contains(tensor) || message.Contains("has no head"), message);
        }
        foreach (int i in weights)
        {
            (ArrayEntry entry, ReadOnlyMemory<byte> bytes) = arrays[i];
            if (entry.Shape.Count < 2 || entry.Shape[0] == entry.Shape[1] || entry.Shape[0] == 1 || entry.Shape[1] == 1) continue;
            long[] turned = [entry.Shape[1], entry.Shape[0], .. entry.Shape.Skip(2)];
            Write([.. arrays.Select((one, index) => index == i ? (entry with { Shape = turned }, bytes) : one)]);
            Assert.Contains($"[{string.Join(", ", turned)}]", Refused());
            break;
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Weights_of_another_family_are_refused(string name)
    {
        string other = Families.Select(row => row.Data).First(each => each != name);
        Save(other);
        byte[] weights = File.ReadAllBytes(Weights);
        Save(name);
        File.WriteAllBytes(Weights, weights);
        string message = Refused();
        // a classifier may be the very backbone of a network with a decoder
        Assert.True(
            message.Contains("incomplete") || message.Contains("do not belong together") ||
            message.Contains("alone, without decoder and head"), message);
    }

    [Theory, MemberData(nameof(Families))]
    public void Shards_open_together_and_a_missing_one_is_named(string name)
    {
        Dictionary<string, float[]> original = Save(name);
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays();
        File.Delete(Weights);
        var map = new JsonObject();
        for (int part = 0; part < 3; part++)
        {
            var some = arrays.Where((_, i) => i % 3 == part).ToList();
            string file = $"model-{part + 1:00000}-of-00003.safetensors";
            SafetensorsWriter.Write(Path.Combine(Place, file), some);
            foreach ((ArrayEntry entry, _) in some) map[entry.Name] = file;
        }
        File.WriteAllText(Weights + ".index.json", new JsonObject { ["weight_map"] = map }.ToJsonString());
        using (ImageModel model = ModelZoo.Open(Place))
            foreach ((string key, float[] values) in Values(model)) Assert.Equal(original[key], values);
        string second = Path.Combine(Place, "model-00002-of-00003.safetensors");
        byte[] bytes = File.ReadAllBytes(second);
        File.WriteAllBytes(second, bytes[..(bytes.Length / 2)]);
        Assert.Contains("truncated", Refused());
        File.Delete(second);
        Assert.Contains("model-00002-of-00003.safetensors is missing", Refused());
    }

    [Theory, MemberData(nameof(Families))]
    public void A_config_of_absurd_sizes_takes_no_memory(string name)
    {
        Save(name);
        JsonObject config = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        long start = PeakBytes();
        foreach (Action spoil in Spoiled(config, config, 0))
        {
            spoil();
            Exception? error = Record.Exception(() => ModelZoo.Open(Place).Dispose());
            if (error is null) continue; // a value that makes no difference
            Assert.True(error is InvalidDataException or NotSupportedException, $"{File.ReadAllText(Config)}\n{error}");
            Assert.DoesNotContain('\n', error.Message);
        }
        Assert.InRange(PeakBytes() - start, 0, 512 << 20);
    }

    /// <summary>Every number of a configuration replaced by ones that no network has, and by what are no numbers.</summary>
    IEnumerable<Action> Spoiled(JsonObject root, JsonNode at, int depth)
    {
        string[] values = ["65536", "1048576", "2147483647", "0", "-1", "1e300", "\"wide\"", "[]", "null", "true", "{}"];
        IEnumerable<(JsonNode? Value, Action<JsonNode?> Set)> children = at switch
        {
            JsonObject map => map.ToArray().Select(item => (item.Value, (Action<JsonNode?>)(value => map[item.Key] = value))),
            JsonArray list => list.Take(2).ToArray()
                .Select((item, i) => (item, (Action<JsonNode?>)(value => list[i] = value))),
            _ => [],
        };
        foreach ((JsonNode? value, Action<JsonNode?> set) in children)
        {
            if (value is JsonValue old && old.GetValueKind() is System.Text.Json.JsonValueKind.Number)
            {
                JsonNode kept = old.DeepClone();
                foreach (string text in values)
                {
                    set(JsonNode.Parse(text));
                    yield return () => File.WriteAllText(Config, root.ToJsonString());
                }
                set(kept);
            }
            else if (value is not null && depth < 3)
            {
                foreach (Action spoil in Spoiled(root, value, depth + 1)) yield return spoil;
            }
        }
    }

    /// <summary>The most address space that this process ever had: what was asked for counts, touched or not.</summary>
    static long PeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(one => one.StartsWith("VmPeak", StringComparison.Ordinal));
        return long.Parse(string.Concat(line.Where(char.IsAsciiDigit))) << 10; // in kB
    }

    [Theory, MemberData(nameof(Families))]
    public void A_damaged_config_is_refused_or_harmless(string name)
    {
        Save(name);
        byte[] whole = File.ReadAllBytes(Config);
        Random random = new(11);
        for (int i = 0; i < 150; i++)
        {
            byte[] bytes = [.. whole];
            if (i < 30) bytes = bytes[..(bytes.Length * i / 30)];
            else
                for (int j = 0; j < 1 + i % 3; j++) bytes[random.Next(bytes.Length)] = favourites[random.Next(favourites.Length)];
            File.WriteAllBytes(Config, bytes);
            Exception? error = Record.Exception(() => ModelZoo.Open(Place).Dispose());
            Assert.True(error is null or InvalidDataException or NotSupportedException, $"{i}: {error}");
            Assert.DoesNotContain('\n', error?.Message ?? "");
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Damaged_weights_are_refused_or_harmless(string name)
    {
        Save(name);
        List<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays = Arrays();
        string torch = Path.Combine(Place, "pytorch_model.bin"), flax = Path.Combine(Place, "flax_model.msgpack");
        foreach (string path in (string[])[Weights, torch, flax])
        {
            foreach (string other in (string[])[Weights, torch, flax]) File.Delete(other);
            if (path == torch) TorchFileWriter.Write(path, arrays);
            else if (path == flax) FlaxWriter.Write(path, arrays);
            else Write(arrays);
            byte[] whole = File.ReadAllBytes(path);
            Random random = new(12);
            for (int i = 0; i < 30; i++)
            {
                byte[] bytes = [.. whole];
                if (i < 6) bytes = bytes[..(bytes.Length * i / 6)];
                else for (int j = 0; j < 3; j++) bytes[random.Next(Math.Min(bytes.Length, 4000))] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                Exception? error = Record.Exception(() => ModelZoo.Open(Place).Dispose());
                Assert.True(
                    error is InvalidDataException or NotSupportedException || (error is null && i >= 6), $"{path} {i}: {error}");
                Assert.DoesNotContain('\n', error?.Message ?? "");
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 8 * whole.Length + (16 << 20));
            }
        }
    }
}
