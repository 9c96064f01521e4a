using Jobwatch.Bench.Events;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Grpc;

/// <summary>One watch from a job's beginning: a stream of a connection that has many. It fails when a position is lost, comes twice or out of order.</summary>
internal sealed class StreamWatcher
{
    private readonly Messages _messages = new();
    private readonly PositionCheck _check = new();
    private readonly Messages.Receiver _receive;

    public StreamWatcher() => _receive = Receive;

    /// <summary>Events that came, which is the last one's position.</summary>
    public long Events => _check.Last;

    /// <summary>Whether it is live.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Takes a frame of its stream.</summary>
    public void Take(Frame frame)
    {
        if (frame.EndsStream)
        {
            throw new IOException($"The watch ended after event {Events}.");
        }

        if (frame.Type == FrameType.Data)
        {
            _messages.Add(frame.Payload, _receive);
        }
    }

    private void Receive(ReadOnlySpan<byte> message)
    {
        IsLive = IsLive || WatchMessage.KindOf(message) == WatchJobResponse.MessageOneofCase.CaughtUp;
        _check.Receive(message);
    }
}
