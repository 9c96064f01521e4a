using System.Buffers;
using Google.Protobuf;
using Jobwatch.SseEdge.Sharing;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// Brings a stream's frames to its reader: history from a stream of the reader's own, and what is live from a feed, once one has
/// what comes next. A reader that is too slow for the feed goes on with a stream of its own, and joins again when it is live again.
/// </summary>
internal sealed class Relay<TMessage>(
    NodeStream<TMessage> source, SharedWatch<TMessage>? shared, FrameForm<TMessage> form, IFraming framing, StreamBody body, Metrics metrics)
    : IAsyncDisposable
    where TMessage : class, IMessage, new()
{
    // Frames that are there already go out together, up to about this much: more would only fill buffers behind a slow reader.
    private const int FlushBytes = 16 * 1024;

    // Of a feed more at a time, since nothing has to be made: as much as the server buffers before it waits for the reader.
    private const int SharedFlushBytes = 64 * 1024;

    private NodeStream<TMessage>? _own = source;
    private FeedReader<TMessage>? _reader;
    private bool _toldCaughtUp;

    // Of an execution's last event, while its end has not come yet, which has the same cursor: the cursor before it. Who goes on with another
    // stream has to go on from there to be told the end.
    private string? _beforeEnd;

    // That event.
    private Frame? _last;

    // The last event that was brought already, when a stream begins before it.
    private string? _brought;

    // Of history nothing is shared: it would hold up those who are live, and say again that they are.
    private bool _ownIsLive;

    /// <summary>Goes on strictly after what was brought. Empty before the snapshot of a job: only who asks anew gets that.</summary>
    public string Cursor { get; private set; } = source.BeginsWithSnapshot ? "" : source.StartedFrom;

    /// <summary>Brings frames until they end. Throws what the stream ends with, and <see cref="OperationCanceledException"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopped = stop.UnsafeRegister(static relay => ((Relay<TMessage>)relay!).Stop(), this);
        var goesOn = true;
        while (goesOn)
        {
            // Stopped while the one took the place of the other, neither was told.
            stop.ThrowIfCancellationRequested();
            goesOn = _own is { } own ? await BringOwnAsync(own, stop) : await BringSharedAsync(_reader!, stop);
        }

        await body.FlushAsync(stop);
    }

    /// <summary>
    /// Writes the end of an execution of which the last event was brought and the end not yet. Before what ends the stream: who goes on
    /// after the event isn't told the end.
    /// </summary>
    public void WriteEnd()
    {
        if (_last is { } last)
            framing.WriteFrame(body.Writer, form.EndOf(last));
    }

    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        if (_own is { } own)
            await own.DisposeAsync();
    }

    private void Stop()
    {
        Volatile.Read(ref _own)?.Stop();
        Volatile.Read(ref _reader)?.Signal();
    }

    // False at the end; true where a feed has what follows.
    private async Task<bool> BringOwnAsync(NodeStream<TMessage> own, CancellationToken stop)
    {
        while (true)
        {
            if (!own.IsAtHand && body.HasUnsent)
                await body.FlushAsync(stop);
            if (!await own.MoveNextAsync())
                return false;
            var frame = form.Of(own.Current);
            if (frame is not null)
                Write(frame.Value);
            var isFlushDue = body.Writer.UnflushedBytes >= FlushBytes;
            if (frame is not null && shared is not null && IsTimeToJoin(frame.Value, own, isFlushDue) && await TryJoinAsync(shared, frame.Value, own, stop))
                return true;

            if (isFlushDue)
                await body.FlushAsync(stop);
        }
    }

    // Not at each frame: the feed is searched for it, and held up meanwhile. As soon as it is live, before the next message is asked for: a call
    // that is let go of while it is being read costs the edge a dozen exceptions, a third of all that an opening takes.
    private bool IsTimeToJoin(in Frame frame, NodeStream<TMessage> own, bool isFlushDue) =>
        _ownIsLive && (frame.Name == Frame.CaughtUp || isFlushDue || !own.IsAtHand);

    private async Task<bool> TryJoinAsync(SharedWatch<TMessage> sharing, Frame after, NodeStream<TMessage> own, CancellationToken stop)
    {
        // Given away before others may come to depend on it: from then on it is not this reader's to stop.
        _own = null;
        _reader = await sharing.TryJoinAsync(after, own);
        if (_reader is not null)
            return true;
        _own = own;
        stop.ThrowIfCancellationRequested();
        return false;
    }

    // False at the end; true where the reader is left behind.
    private async Task<bool> BringSharedAsync(FeedReader<TMessage> reader, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var before = reader.Last.Updates;
            var frames = reader.Read(SharedFlushBytes);
            if (frames.Length > 0)
            {
                body.Writer.Write(frames.Span);
                Cursor = reader.Last.Cursor;
                _beforeEnd = reader.BeforeEnd;
                _last = reader.Last.LastEvent is TMessage last ? form.Of(last) : null;
                metrics.UpdatesSent(framing, reader.Last.Updates - before);
                if (body.Writer.UnflushedBytes >= SharedFlushBytes)
                    await body.FlushAsync(stop);
            }
            else if (reader.IsLeftBehind)
            {
                _own = Leave(shared!);
                _ownIsLive = false;
                _reader = null;
                reader.Dispose();
                return true;
            }
            else if (body.HasUnsent)
            {
                await body.FlushAsync(stop);
            }
            else if (reader.HasEnded)
            {
                return false;
            }
            else
            {
                await reader.WaitAsync();
            }
        }
    }

    private NodeStream<TMessage> Leave(SharedWatch<TMessage> sharing)
    {
        if (string.IsNullOrEmpty(_beforeEnd))
            return sharing.Leave(Cursor);
        _brought = Cursor;
        return sharing.Leave(_beforeEnd);
    }

    private void Write(in Frame frame)
    {
        if (_brought is not null)
        {
            var isBefore = frame.Name is Frame.CaughtUp or Frame.Heartbeat;
            var isBrought = frame.IsUpdate && frame.Cursor == _brought;
            _brought = isBefore ? _brought : null;
            if (isBefore || isBrought)
                return;
        }

        // Once: a stream that goes on says it again.
        var isRepeated = frame.Name == Frame.CaughtUp && _toldCaughtUp;
        _toldCaughtUp |= frame.Name == Frame.CaughtUp;
        _ownIsLive |= frame.Name == Frame.CaughtUp;
        if (isRepeated)
            return;
        framing.WriteFrame(body.Writer, frame);
        if (frame.Cursor.Length > 0)
            (_beforeEnd, _last, Cursor) = (frame.EndsExecution ? Cursor : null, frame.EndsExecution ? frame : null, frame.Cursor);
        metrics.UpdatesSent(framing, frame.IsUpdate ? 1 : 0);
    }
}
