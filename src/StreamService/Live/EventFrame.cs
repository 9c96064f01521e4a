using System.Buffers.Binary;
using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// An event as every watcher of the job gets it. The stored bytes are the event's field as they are; the header, cursor and tags
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

    public override bool IsEvent => true;

    public override int Length => Prefix.Length + Stored.Bytes.Length;

    /// <summary>Whether that is another event at this one's position.</summary>
    public bool IsNot(StoredEvent stored) => stored.Position == Position && !Stored.Bytes.Span.SequenceEqual(stored.Bytes.Span);

    // Two watchers may build it at the same time; both get the same bytes.
    private byte[] Prefix => _prefix ??= BuildPrefix();

    public override void CopyTo(Span<byte> place)
    {
        Prefix.CopyTo(place);
        Stored.Bytes.Span.CopyTo(place[Prefix.Length..]);
    }

    private byte[] BuildPrefix()
    {
        Span<byte> prefix = stackalloc byte[HeaderLength + 2 + Cursor.TokenLength + 1 + MaxVarint];
        prefix[HeaderLength] = CursorTag;
        prefix[HeaderLength + 1] = Cursor.TokenLength;
        cursors.After(Position).Write(prefix[(HeaderLength + 2)..]);
        var length = HeaderLength + 2 + Cursor.TokenLength;
        prefix[length++] = EventTag;
        var rest = (uint)Stored.Bytes.Length;
        for (; rest >= 0x80; rest >>= 7)
        {
            prefix[length++] = (byte)(rest | 0x80);
        }

        prefix[length++] = (byte)rest;
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length - HeaderLength + Stored.Bytes.Length);
        return prefix[..length].ToArray();
    }
}
