namespace Graft.Formats.Tests;

/// <summary>
/// Valid files with bytes changed, cut, doubled or swapped. Each either opens, and then all of its arrays can be read, or is
/// refused by one of the two exceptions for files. Seeded, so that a failure can be found again.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    const int Mutations = 1000;
    const long MaxAllocated = 64 << 20;

    static readonly byte[] favourites =
        [0, 1, 0x7f, 0x80, 0xff, .. "()}]{tRbQcseu.hqrjX\"[]0:,-"u8, 0x81, 0x85, 0x86, 0x87, 0x8a, 0x8b, 0x8c, 0x93, 0x94, 0x95];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Seeds =>
        ["checkpoint.zip.pth", "checkpoint.legacy.pth", "checkpoint4.zip.pth",
            "views.zip.pth", "views.legacy.pth", "safetensors",
            "flax_net.msgpack", "flax_types.msgpack", "flax_remarks.msgpack", "flax_pieces.msgpack"];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Damage_is_refused_or_harmless(string seed)
    {
        byte[] valid = seed == "safetensors" ? Safetensors() : GoldenFiles.Bytes(seed);
        Random random = new(20240);
        string path = folder.At("mutant");
        int opened = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutant = Mutate(valid, random);
            File.WriteAllBytes(path, mutant);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using ArrayFile file = WeightFile.Open(path);
                foreach (ArrayEntry entry in file.Entries) ReadAll(file, entry);
                opened++;
            }
            catch (Exception error) when (error is InvalidDataException or NotSupportedException)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"mutation {i}: {error}");
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        }
        Assert.InRange(refused, 1, Mutations - 1); // so that this test is one
        Assert.Equal(Mutations, opened + refused);
    }

    static void ReadAll(ArrayFile file, ArrayEntry entry)
    {
        // A view may repeat its elements up to a limit that is larger than this test's.
        if (entry.ByteLength > 1 << 20) return;
        Assert.Equal(entry.ByteLength, file.Bytes(entry).Length);
        byte sum = 0;
        foreach (byte one in file.Bytes(entry)) sum += one;
        GC.KeepAlive(sum);
    }

    byte[] Safetensors()
    {
        string path = folder.At("valid");
        SafetensorsWriter.Write(path,
            [.. ElementTypes.All.Select(type =>
                (new ArrayEntry(type.TorchName(), type, [2, 3]), new ReadOnlyMemory<byte>(new byte[6 * type.Size()])))],
            SafetensorsWriter.PyTorchMetadata);
        return File.ReadAllBytes(path);
    }

    static byte[] Mutate(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        int changes = 1 + random.Next(3);
        // The structure is at the front (and, in zip archives, at the back): most changes go there.
        int Place() => random.Next(4) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 2600));
        for (int i = 0; i < changes && bytes.Count > 16; i++)
        {
            int at = random.Next(5) == 0 ? bytes.Count - 1 - random.Next(Math.Min(bytes.Count, 400)) : Place();
            int length = Math.Min(1 + random.Next(16), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                case 3:
                    bytes[at] = favourites[random.Next(favourites.Length)];
                    break;
                case 4:
                    bytes.RemoveRange(at, length);
                    break;
                case 5:
                    bytes.InsertRange(at, bytes.GetRange(Math.Min(Place(), bytes.Count - length), length));
                    break;
                default:
                    if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at);
                    else bytes.InsertRange(at, Enumerable.Repeat(favourites[random.Next(favourites.Length)], length));
                    break;
            }
        }
        return [.. bytes];
    }
}
