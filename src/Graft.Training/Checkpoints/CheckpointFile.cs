using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Graft.Formats;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// A checkpoint on disk: a safetensors file with every tensor by name, everything else as JSON in its metadata, and a SHA-256
/// over both, so that a damaged one is known as such. It is written beside its place and renamed.
/// </summary>
public static class CheckpointFile
{
    const string StateKey = "graft.state", HashKey = "graft.sha256";

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, StateWriter state)
    {
        List<TensorMemory> memories = [];
        try
        {
            List<(ArrayEntry, ReadOnlyMemory<byte>)> arrays = [];
            foreach ((string name, Tensor value) in state.Tensors)
            {
                var memory = new TensorMemory(value);
                memories.Add(memory);
                arrays.Add((new ArrayEntry(name, value.DType.ToElementType(), [.. value.Shape]), memory.Memory));
            }
            string json = JsonSerializer.Serialize(state.Values);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(json));
            foreach ((ArrayEntry entry, ReadOnlyMemory<byte> bytes) in
                arrays.OrderBy(item => item.Item1.Name, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(entry.ToString()));
                hash.AppendData(bytes.Span);
            }
            SafetensorsWriter.Write(path, arrays, new Dictionary<string, string>
            {
                [StateKey] = json,
                [HashKey] = Convert.ToHexStringLower(hash.GetHashAndReset()),
            });
        }
        finally
        {
            foreach (TensorMemory memory in memories) ((IDisposable)memory).Dispose();
        }
    }

    /// <summary>Opens a checkpoint and checks that it is whole.</summary>
    /// <param name="path">the file</param>
    /// <param name="state">what it holds; usable until the file is disposed</param>
    /// <returns>the open file, which is the caller's</returns>
    /// <exception cref="InvalidDataException">It is no checkpoint, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IDisposable Open(string path, out StateReader state)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        try
        {
            if (!file.Metadata.TryGetValue(StateKey, out string? json) ||
                !file.Metadata.TryGetValue(HashKey, out string? expected))
                throw new InvalidDataException($"{path}: expected a checkpoint of Graft, found other tensors.");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(json));
            foreach (ArrayEntry entry in file.Entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(entry.ToString()));
                hash.AppendData(file.Bytes(entry));
            }
            string found = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (found != expected)
                throw new InvalidDataException(
                    $"{path}: the checkpoint is damaged: its SHA-256 is {found}, expected {expected}.");
            Dictionary<string, string> values = JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
            state = new StateReader(
                file.Entries.ToDictionary(entry => entry.Name, entry => (Func<Tensor>)(() => Read(file, entry)),
                    StringComparer.Ordinal), values);
            return file;
        }
        catch (JsonException error)
        {
            file.Dispose();
            throw new InvalidDataException($"{path}: the checkpoint is damaged: {error.Message}", error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static Tensor Read(SafetensorsFile file, ArrayEntry entry) =>
        Tensor.FromBytes(file.Bytes(entry), [.. entry.Shape], entry.Type.ToDType());
}
