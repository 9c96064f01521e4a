using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Jobwatch.Client.Json;

namespace Jobwatch.Client;

/// <summary>
/// Writes messages as the JSON that Jobwatch speaks everywhere, byte for byte what the edge's transcoder writes: lowerCamelCase
/// names in the order of field numbers, enums by name, 64-bit integers as numbers, default values written, what is unset left out.
/// </summary>
/// <remarks>google.protobuf.Any, FieldMask and groups are refused (<see cref="NotSupportedException"/>): no message of Jobwatch has them.</remarks>
public static class ProtoJson
{
    // Where an idle writer points, so that it keeps nobody's buffer alive. Never written to.
    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _idle;

    /// <summary>What a <see cref="Utf8JsonWriter"/> has to be made with for the same bytes.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes a message as one JSON value; flushing is the caller's.</summary>
    public static void Write(Utf8JsonWriter writer, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(message);
        MessageShape.Of(message.Descriptor).Write(writer, message);
    }

    /// <summary>Writes a message as one line of JSON, without the line's end.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = _idle ?? new Utf8JsonWriter(Nowhere, WriterOptions);
        // Nobody else may take it while it is in use, not even a caller's buffer that writes JSON itself.
        _idle = null;
        writer.Reset(output);
        Write(writer, message);
        writer.Flush();
        writer.Reset(Nowhere);
        _idle = writer;
    }

    /// <summary>The message as JSON text.</summary>
    public static string ToText(IMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, message);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
