using System.IO.Pipelines;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// One watch's stream. Messages are buffered and go out together: after so many of them or so many bytes, and whenever the
/// watch has nothing more at hand. Waiting for the flush is the backpressure.
/// </summary>
internal sealed class WatchOutput
{
    private const int FlushMessages = 32;
    private const int FlushBytes = 16 * 1024;

    private readonly IServerStreamWriter<Frame> _stream;
    private readonly ServerCallContext _context;
    private readonly PipeWriter _body;
    private readonly TimeProvider _time;
    private readonly TimeSpan _heartbeatInterval;
    private readonly Metrics _metrics;
    private int _messages;
    private int _events;
    private int _bytes;
    private long _lastSent;

    public WatchOutput(
        IServerStreamWriter<Frame> stream, ServerCallContext context, TimeProvider time, TimeSpan heartbeatInterval, Metrics metrics)
    {
        _stream = stream;
        _context = context;
        _body = context.GetHttpContext().Response.BodyWriter;
        _time = time;
        _heartbeatInterval = heartbeatInterval;
        _metrics = metrics;
        context.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
    }

    /// <summary>How long it is yet until a heartbeat is due; zero or less if it is.</summary>
    public TimeSpan UntilHeartbeat => _heartbeatInterval - _time.GetElapsedTime(_lastSent);

    /// <summary>Sends the response headers, so that the reader knows at once that the watch is on and where it begins.</summary>
    public Task StartAsync(Cursor startedFrom, bool nothingLeft)
    {
        var headers = new Metadata { { "jobwatch-last-event-id", startedFrom.ToString() } };
        if (nothingLeft)
        {
            headers.Add("jobwatch-nothing-left", "true");
        }

        _lastSent = _time.GetTimestamp();
        return _context.WriteResponseHeadersAsync(headers);
    }

    public async ValueTask WriteAsync(Frame frame)
    {
        await _stream.WriteAsync(frame);
        _events += frame is EventFrame ? 1 : 0;
        _bytes += frame.Length;
        if (++_messages >= FlushMessages || _bytes >= FlushBytes)
        {
            await FlushAsync();
        }
    }

    /// <summary>Sends what is buffered, and waits while the reader is behind.</summary>
    public async ValueTask FlushAsync()
    {
        if (_messages == 0)
        {
            return;
        }

        _metrics.EventsSent(_events);
        _messages = _events = _bytes = 0;
        // Taken before the wait: what the reader can have had since counts from here.
        _lastSent = _time.GetTimestamp();
        var flushed = await _body.FlushAsync(_context.CancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            // The pipe may know before the call's token does.
            throw RpcErrors.Cancelled();
        }
    }
}
