using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Jobwatch.Client.Json;

/// <summary>How the messages of one type are written; made once a type.</summary>
internal abstract class MessageShape
{
    private static readonly ConcurrentDictionary<MessageDescriptor, MessageShape> Known = new();

    internal static MessageShape Of(MessageDescriptor type) => Known.GetOrAdd(type, static made =>
        WellKnownShapes.Find(made) ?? (MessageShape)Activator.CreateInstance(
            typeof(FieldwiseShape<>).MakeGenericType(made.ClrType), made)!);

    internal abstract void Write(Utf8JsonWriter writer, IMessage message);
}
