using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// An event as a watch of many jobs tells it: the stored bytes as they are, behind a cursor that is this watch's own. One object for all of
/// a watch's events, since each is written at once.
/// </summary>
internal sealed class JobsEventFrame(JobsCursor cursor) : Frame
{
    private static readonly byte CursorTag = Tag(WatchJobsResponse.CursorFieldNumber);
    private static readonly byte JobTag = Tag(WatchJobsResponse.JobIdFieldNumber);
    private static readonly byte EventTag = Tag(WatchJobsResponse.EventFieldNumber);

    private string _jobId = "";
    private ReadOnlyMemory<byte> _event;
    private int _length;

    public override bool IsEvent => true;

    public override int Length => _length;

    /// <summary>Tells the event with the cursor as it stands.</summary>
    public JobsEventFrame Of(string jobId, StoredEvent stored)
    {
        (_jobId, _event) = (jobId, stored.Bytes);
        _length = HeaderLength + FieldLength(cursor.TokenLength) + FieldLength(jobId.Length) + FieldLength(_event.Length);
        return this;
    }

    public override void CopyTo(Span<byte> place)
    {
        place[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(place[1..], _length - HeaderLength);
        var at = HeaderLength;
        at += WriteHead(place[at..], CursorTag, cursor.TokenLength);
        cursor.Write(place[at..]);
        at += cursor.TokenLength;
        at += WriteHead(place[at..], JobTag, _jobId.Length);
        at += Encoding.ASCII.GetBytes(_jobId, place[at..]);
        at += WriteHead(place[at..], EventTag, _event.Length);
        _event.Span.CopyTo(place[at..]);
    }

    // These fields' tags have one byte each.
    private static byte Tag(int field) => (byte)WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);

    private static int FieldLength(int length) => 1 + CodedOutputStream.ComputeLengthSize(length) + length;

    private static int WriteHead(Span<byte> place, byte tag, int length)
    {
        place[0] = tag;
        var at = 1;
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
        {
            place[at++] = (byte)(rest | 0x80);
        }

        place[at++] = (byte)rest;
        return at;
    }
}
