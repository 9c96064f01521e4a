using System.Buffers;
using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// An event as every watcher of the job gets it. The stored bytes are the event's field as they are; the cursor and tags
/// before them are built by the first watcher that needs them and then shared, so that no event is ever held twice.
/// </summary>
internal sealed class EventFrame(LogCursors cursors, StoredEvent stored) : Frame
{
    private const int MaxVarint = 5;
    private static readonly byte CursorTag = (byte)WireFormat.MakeTag(
        WatchJobResponse.CursorFieldNumber, WireFormat.WireType.LengthDelimited);

    private static readonly byte EventTag = (byte)WireFormat.MakeTag(
        WatchJobResponse.EventFieldNumber, WireFormat.WireType.LengthDelimited);

    private byte[]? _prefix;

    public StoredEvent Stored { get; } = stored;

    public long Position => Stored.Position;

    public override int Length => Prefix.Length + Stored.Bytes.Length;

    // Two watchers may build it at the same time; both get the same bytes.
    private byte[] Prefix => _prefix ??= BuildPrefix();

    public override void WriteTo(IBufferWriter<byte> writer)
    {
        writer.Write(Prefix);
        writer.Write(Stored.Bytes.Span);
    }

    private byte[] BuildPrefix()
    {
        Span<byte> prefix = stackalloc byte[2 + Cursor.TokenLength + 1 + MaxVarint];
        prefix[0] = CursorTag;
        prefix[1] = Cursor.TokenLength;
        cursors.After(Position).Write(prefix[2..]);
        var length = 2 + Cursor.TokenLength;
        prefix[length++] = EventTag;
        var rest = (uint)Stored.Bytes.Length;
        for (; rest >= 0x80; rest >>= 7)
        {
            prefix[length++] = (byte)(rest | 0x80);
        }

        prefix[length++] = (byte)rest;
        return prefix[..length].ToArray();
    }
}
