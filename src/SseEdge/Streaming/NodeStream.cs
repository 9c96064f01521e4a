using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// A stream of the node, with what keeps it open: whoever holds it can hand it on. It reads no further ahead than the one
/// message that is waited for; what comes meanwhile waits in the connection to the node, whose window is small, and then in the node.
/// Where the node is silent for too long, as while another one is looked for, it says a heartbeat of its own.
/// </summary>
/// <param name="startedFrom">The cursor that it starts behind; empty if the node named none.</param>
/// <param name="opened">Its first call, if that was made already.</param>
/// <param name="follow">Its messages, of that call and of those after it.</param>
/// <param name="form">How they are read.</param>
/// <param name="silence">How long the node may be silent.</param>
/// <param name="life">Of all its calls. It has neither a timer nor a token that it depends on: nobody needs to let go of it.</param>
internal sealed class NodeStream<TMessage>(
    string startedFrom,
    IAsyncDisposable? opened,
    Func<CancellationToken, IAsyncEnumerable<TMessage>> follow,
    FrameForm<TMessage> form,
    Silence silence,
    CancellationTokenSource life) : IAsyncDisposable
    where TMessage : class, IMessage, new()
{
    private IAsyncEnumerator<TMessage>? _messages;
    private Task<bool>? _next;
    private TMessage? _current;

    public string StartedFrom => startedFrom;

    /// <summary>
    /// The first message is the snapshot of a job. No heartbeat comes before it: who went on after its cursor would never get that.
    /// </summary>
    public bool BeginsWithSnapshot { get; init; }

    /// <summary>Whether <see cref="MoveNextAsync"/> would not wait.</summary>
    public bool IsAtHand => Next.IsCompleted;

    public TMessage Current => _current!;

    private IAsyncEnumerator<TMessage> Messages => _messages ??= follow(life.Token).GetAsyncEnumerator(CancellationToken.None);

    private Task<bool> Next => _next ??= Messages.MoveNextAsync().AsTask();

    // What waits is there again for each message of each feed.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        var next = Next;
        while (!next.IsCompleted)
        {
            await silence.WaitAsync(next);
            if (!next.IsCompleted && Heartbeat() is { } heartbeat)
            {
                _current = heartbeat;
                return true;
            }
        }

        var moved = await next;
        _next = null;
        if (moved)
            _current = Messages.Current;
        return moved;
    }

    /// <summary>Ends it, if it has not ended: who waits for a message is told by an <see cref="OperationCanceledException"/>.</summary>
    public void Stop() => life.Cancel();

    public async ValueTask DisposeAsync()
    {
        silence.Dispose();
        // An enumerator can't be let go of while it is still asked for the next message.
        if (_next is { IsCompleted: false })
            await life.CancelAsync();
        await ((Task)(_next ?? Task.FromResult(false))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Messages.DisposeAsync();
        if (opened is not null)
            await opened.DisposeAsync();
    }

    // With the cursor of what was said last. None between an execution's last event and its end, which has the same cursor: a reader
    // may join a feed behind a heartbeat, and would not be told the end or be told it twice.
    private TMessage? Heartbeat()
    {
        if (_current is null)
            return BeginsWithSnapshot || startedFrom.Length == 0 ? null : form.Heartbeat(startedFrom);
        return form.Of(_current) is { EndsExecution: false, Cursor: { Length: > 0 } cursor } ? form.Heartbeat(cursor) : null;
    }
}
