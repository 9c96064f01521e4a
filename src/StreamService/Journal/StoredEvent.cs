namespace Jobwatch.StreamService.Journal;

/// <summary>An event as it is stored: the protobuf bytes of an <c>ExecutionEvent</c>, whole, as a watcher gets them.</summary>
internal sealed class StoredEvent(long position, ReadOnlyMemory<byte> bytes)
{
    private EventHead? _head;

    public long Position { get; } = position;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>What filters and the life cycle ask for, read from the bytes once and without decoding the payload.</summary>
    public EventHead Head => _head ??= EventHead.Read(Bytes.Span);
}
