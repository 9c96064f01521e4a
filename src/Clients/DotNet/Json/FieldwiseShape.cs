using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Jobwatch.Client.Json;

/// <summary>An object with a property for each field.</summary>
internal sealed class FieldwiseShape<TMessage>(MessageDescriptor type) : MessageShape
    where TMessage : IMessage
{
    // Not with the shape: a message may contain itself.
    private readonly Lazy<FieldWriter<TMessage>[]> _fields = new(
        () => [.. type.Fields.InFieldNumberOrder().Select(FieldWriter<TMessage>.For)]);

    internal override void Write(Utf8JsonWriter writer, IMessage message)
    {
        var typed = (TMessage)message;
        writer.WriteStartObject();
        foreach (var field in _fields.Value)
            field.Write(writer, typed);
        writer.WriteEndObject();
    }
}
