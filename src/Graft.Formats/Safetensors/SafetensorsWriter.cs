using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Graft.Formats;

/// <summary>
/// Writes safetensors files as huggingface/safetensors does: metadata first, arrays ordered by type (widest first) and then by
/// name, the header padded with spaces to a multiple of 8 bytes.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary><c>{"format": "pt"}</c>, without which Hugging Face's transformers refuses a file.</summary>
    public static IReadOnlyDictionary<string, string> PyTorchMetadata { get; } =
        new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>The order of types in the reference, first to last.</summary>
    static readonly ElementType[] order =
    [
        ElementType.UInt64, ElementType.Int64, ElementType.Float64, ElementType.Float32, ElementType.UInt32, ElementType.Int32,
        ElementType.BFloat16, ElementType.Float16, ElementType.UInt16, ElementType.Int16, ElementType.Int8, ElementType.UInt8,
        ElementType.Bool,
    ];

    /// <summary>Writes a file, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The target; an older file there is replaced.</param>
    /// <param name="arrays">The arrays with their data: little-endian, row-major, contiguous.</param>
    /// <param name="metadata">Texts to put beside them, such as <see cref="PyTorchMetadata"/>; null or empty for none.</param>
    /// <exception cref="ArgumentException">Two arrays share a name, or data is not as long as its type and shape say.</exception>
    /// <exception cref="IOException">
    /// It cannot be written, for example because the disk is full; nothing is left behind.
    /// </exception>
    public static void Write(
        string path,
        IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        WriterChecks.Check(arrays);
        (ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)[] sorted = [.. arrays];
        Array.Sort(sorted, (left, right) =>
        {
            int byType = Array.IndexOf(order, left.Entry.Type) - Array.IndexOf(order, right.Entry.Type);
            return byType != 0 ? byType : string.CompareOrdinal(left.Entry.Name, right.Entry.Name);
        });
        byte[] header = Header(sorted, metadata, out long dataLength);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach ((_, ReadOnlyMemory<byte> bytes) in sorted) stream.Write(bytes.Span);
        }, header.Length + dataLength);
    }

    static byte[] Header(
        (ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)[] arrays,
        IReadOnlyDictionary<string, string>? metadata,
        out long dataLength)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.GetSpan(8)[..8].Clear();
        buffer.Advance(8);
        long at = 0;
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach ((ArrayEntry entry, ReadOnlyMemory<byte> bytes) in arrays)
            {
                if (entry.Name == "__metadata__")
                    throw new ArgumentException("an array cannot be named '__metadata__' in a safetensors file", nameof(arrays));
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.SafetensorsName());
                json.WriteStartArray("shape");
                foreach (long size in entry.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padding = (8 - buffer.WrittenCount % 8) % 8;
        buffer.GetSpan(8)[..padding].Fill((byte)' ');
        buffer.Advance(padding);

        byte[] header = buffer.WrittenSpan.ToArray();
        if (header.Length - 8 > SafetensorsFile.MaxHeaderBytes)
            throw new ArgumentException(
                $"the safetensors header has {header.Length - 8} bytes, "
                + $"more than the {SafetensorsFile.MaxHeaderBytes} that readers accept");
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - 8));
        dataLength = at;
        return header;
    }
}
