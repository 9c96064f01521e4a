using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// One watch's stream. Frames are gathered and go out together: after so many bytes, and whenever the watch has nothing more at
/// hand. Waiting for the flush is the backpressure.
/// </summary>
/// <remarks>
/// Frames go straight into the response's body, many at a time: a gRPC stream writer, and the body itself, take locks for each.
/// </remarks>
internal sealed class WatchOutput : IDisposable
{
    private const int FlushBytes = 16 * 1024;

    private readonly ServerCallContext _context;
    private readonly PipeWriter _body;
    private readonly TimeProvider _time;
    private readonly TimeSpan _heartbeatInterval;
    private readonly Metrics _metrics;
    private readonly StallGuard _stall;
    private byte[]? _gathered;
    private int _events;
    private int _bytes;
    private long _lastSent;

    public WatchOutput(ServerCallContext context, TimeProvider time, TimeSpan heartbeatInterval, StallGuard stall, Metrics metrics)
    {
        _context = context;
        _body = context.GetHttpContext().Response.BodyWriter;
        _time = time;
        _heartbeatInterval = heartbeatInterval;
        _stall = stall;
        _metrics = metrics;
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

    public ValueTask WriteAsync(Frame frame)
    {
        _events += frame is EventFrame ? 1 : 0;
        if (frame.Length > FlushBytes)
        {
            Pass();
            frame.CopyTo(_body.GetSpan(frame.Length));
            _body.Advance(frame.Length);
            return FlushAsync();
        }

        _gathered ??= ArrayPool<byte>.Shared.Rent(2 * FlushBytes);
        frame.CopyTo(_gathered.AsSpan(_bytes));
        _bytes += frame.Length;
        return _bytes >= FlushBytes ? FlushAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Sends what is gathered, and waits while the reader is behind.</summary>
    public async ValueTask FlushAsync()
    {
        Pass();
        if (_body.UnflushedBytes == 0)
        {
            return;
        }

        _metrics.EventsSent(_events);
        _events = 0;
        // Taken before the wait: what the reader can have had since counts from here.
        _lastSent = _time.GetTimestamp();
        var flush = _body.FlushAsync(_context.CancellationToken);
        var waits = !flush.IsCompleted;
        if (waits)
        {
            _stall.Begin();
        }

        var flushed = await flush;
        if (waits)
        {
            _stall.End();
        }

        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            // The pipe may know before the call's token does.
            throw RpcErrors.Cancelled();
        }
    }

    /// <summary>Leaves what is gathered to the response, which sends it before an error's status.</summary>
    public void Dispose() => Pass();

    // An array is held by those only who have something to send.
    private void Pass()
    {
        if (_gathered is { } gathered)
        {
            _body.Write(gathered.AsSpan(0, _bytes));
            _gathered = null;
            _bytes = 0;
            ArrayPool<byte>.Shared.Return(gathered);
        }
    }
}
