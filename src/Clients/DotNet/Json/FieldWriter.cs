using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Jobwatch.Client.Json;

/// <summary>Writes one field of a message: its name and value, or nothing where it is unset.</summary>
internal abstract class FieldWriter<TMessage>
    where TMessage : IMessage
{
    internal abstract void Write(Utf8JsonWriter writer, TMessage message);

    internal static FieldWriter<TMessage> For(FieldDescriptor field)
    {
        var property = typeof(TMessage).GetProperty(field.PropertyName)
            ?? throw new NotSupportedException($"Field {field.FullName} has no property {field.PropertyName}.");
        // A message's presence is its reference; only the others have a property for it.
        var presence = field is { HasPresence: true, IsRepeated: false, FieldType: not FieldType.Message }
            ? typeof(TMessage).GetProperty("Has" + field.PropertyName)
            : null;
        return (FieldWriter<TMessage>)Activator.CreateInstance(
            typeof(TypedFieldWriter<,>).MakeGenericType(typeof(TMessage), property.PropertyType),
            JsonEncodedText.Encode(field.JsonName, JavaScriptEncoder.UnsafeRelaxedJsonEscaping),
            property.GetMethod!,
            presence?.GetMethod,
            ValueWriters.For(field, property.PropertyType))!;
    }
}
