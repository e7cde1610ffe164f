using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Graft.Cli;

/// <summary>Writes one JSON document. By hand: a serializer takes longer to start than the work takes.</summary>
static class JsonOutput
{
    static readonly JsonWriterOptions options = new()
    {
        // names in any script stay readable; this is not HTML
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A number; <c>null</c> where JSON has no word for it.</summary>
    public static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    /// <inheritdoc cref="WriteFinite(Utf8JsonWriter, string, double)"/>
    public static void WriteFinite(Utf8JsonWriter json, string name, float value)
    {
        json.WritePropertyName(name);
        WriteFinite(json, value);
    }

    /// <inheritdoc cref="WriteFinite(Utf8JsonWriter, string, double)"/>
    public static void WriteFinite(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    public static void Write(TextWriter output, Action<Utf8JsonWriter> document)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using (Utf8JsonWriter writer = new(buffer, options)) document(writer);
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
