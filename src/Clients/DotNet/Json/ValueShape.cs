using System.Text.Json;
using Google.Protobuf;

namespace Jobwatch.Client.Json;

/// <summary>A message that is written as one value.</summary>
internal sealed class ValueShape<TMessage>(Action<Utf8JsonWriter, TMessage> write) : MessageShape
    where TMessage : IMessage
{
    internal override void Write(Utf8JsonWriter writer, IMessage message) => write(writer, (TMessage)message);
}
