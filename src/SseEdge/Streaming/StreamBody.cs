using System.IO.Pipelines;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// The response body of a stream, with a limit to how long its reader may stall. A flush that waits is what stops the stream: it
/// ends only when the reader has taken enough, and nothing more is read from the node until then.
/// </summary>
internal sealed class StreamBody(HttpContext context, StreamingOptions options, TimeProvider time)
{
    private Task _flush = Task.CompletedTask;

    public PipeWriter Writer { get; } = context.Response.BodyWriter;

    /// <summary>There is something written that was not sent yet.</summary>
    public bool HasUnsent => Writer.UnflushedBytes > 0;

    /// <summary>Nobody reads any more.</summary>
    public bool IsAbandoned => context.RequestAborted.IsCancellationRequested;

    /// <summary>Sends what was written. Throws <see cref="TimeoutException"/> when the reader takes nothing for too long.</summary>
    public ValueTask FlushAsync(CancellationToken stop)
    {
        var flush = Writer.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
            return ValueTask.CompletedTask;
        _flush = flush.AsTask();
        return new ValueTask(_flush.WaitAsync(options.StallTimeout, time, stop));
    }

    /// <summary>Waits for a flush that was left while it was under way, then sends what <paramref name="write"/> adds.</summary>
    public async Task EndAsync(Action write)
    {
        // The pipe takes nothing while a flush is under way.
        await _flush.WaitAsync(options.FarewellTimeout, time);
        write();
        await Writer.FlushAsync(CancellationToken.None).AsTask().WaitAsync(options.FarewellTimeout, time);
    }

    /// <summary>Cuts the connection, with whatever waits in it.</summary>
    public void Cut() => context.Abort();
}
