namespace Jobwatch.Bench.Http2;

/// <summary>One frame as it was read. The payload is the reader's own buffer, true until the next read.</summary>
internal readonly ref struct Frame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
{
    private const byte EndStreamFlag = 1;
    private const byte AckFlag = 1;

    public FrameType Type { get; } = type;

    public int Stream { get; } = stream;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public bool EndsStream => (flags & EndStreamFlag) != 0 && Type is FrameType.Data or FrameType.Headers;

    public bool IsAck => (flags & AckFlag) != 0;
}
