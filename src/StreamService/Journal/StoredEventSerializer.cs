using Google.Protobuf;
using JasperFx.Events;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>Lets Marten read and write what the journal stores: an event's protobuf bytes.</summary>
internal sealed class StoredEventSerializer : IEventBinarySerializer
{
    public byte[] Serialize(Type eventType, object eventData) => ((ExecutionEvent)eventData).ToByteArray();

    public object Deserialize(Type eventType, byte[] data) => ExecutionEvent.Parser.ParseFrom(data);
}
