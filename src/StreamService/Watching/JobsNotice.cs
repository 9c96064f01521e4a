using System.Buffers.Binary;
using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>A message of a watch of many jobs that is not an event.</summary>
internal sealed class JobsNotice : Frame
{
    private readonly WatchJobsResponse _message;

    public JobsNotice(JobsCursor cursor, WatchJobsResponse message)
    {
        message.Cursor = cursor.ToString();
        _message = message;
        Length = HeaderLength + message.CalculateSize();
    }

    public override int Length { get; }

    public override void CopyTo(Span<byte> place)
    {
        place[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(place[1..], Length - HeaderLength);
        _message.WriteTo(place[HeaderLength..Length]);
    }
}
