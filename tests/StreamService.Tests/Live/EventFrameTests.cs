using System.Buffers.Binary;
using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class EventFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(20_000)]
    [InlineData(250_000)]
    public void Has_the_very_bytes_that_the_generated_code_writes(int length)
    {
        var stored = ModelStore.Event(123_456, new string('x', length));
        var frame = new EventFrame(new LogCursors(LiveRoom.Log), stored);
        var written = new byte[frame.Length];
        frame.CopyTo(written);
        var body = written.AsSpan(Frame.HeaderLength);

        var message = new WatchJobResponse
        {
            Cursor = Cursor.After(LiveRoom.Log, 123_456).ToString(),
            Event = ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span),
        };
        Assert.Equal(message.ToByteArray(), body.ToArray());
        Assert.Equal(0, written[0]);
        Assert.Equal(body.Length, BinaryPrimitives.ReadInt32BigEndian(written.AsSpan(1)));
        Assert.Equal(message.Event, ReplayExecutionResponse.Parser.ParseFrom(body).Event);
    }
}
