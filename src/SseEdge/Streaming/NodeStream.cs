namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// A stream of the node, with what keeps it open: whoever holds it can hand it on. It reads no further ahead than the one
/// message that is waited for; what comes meanwhile waits in the connection to the node, whose window is small, and then in the node.
/// </summary>
/// <param name="startedFrom">The cursor that it starts behind; empty if the node named none.</param>
/// <param name="opened">Its first call, if that was made already.</param>
/// <param name="follow">Its messages, of that call and of those after it.</param>
/// <param name="life">Of all its calls. It has neither a timer nor a token that it depends on: nobody needs to let go of it.</param>
internal sealed class NodeStream<TMessage>(
    string startedFrom, IAsyncDisposable? opened, Func<CancellationToken, IAsyncEnumerable<TMessage>> follow, CancellationTokenSource life) : IAsyncDisposable
{
    private IAsyncEnumerator<TMessage>? _messages;
    private Task<bool>? _next;

    public string StartedFrom => startedFrom;

    /// <summary>Whether <see cref="MoveNextAsync"/> would not wait.</summary>
    public bool IsAtHand => Next.IsCompleted;

    public TMessage Current => Messages.Current;

    private IAsyncEnumerator<TMessage> Messages => _messages ??= follow(life.Token).GetAsyncEnumerator(CancellationToken.None);

    private Task<bool> Next => _next ??= Messages.MoveNextAsync().AsTask();

    public async ValueTask<bool> MoveNextAsync()
    {
        var moved = await Next;
        _next = null;
        return moved;
    }

    /// <summary>Ends it, if it has not ended: who waits for a message is told by an <see cref="OperationCanceledException"/>.</summary>
    public void Stop() => life.Cancel();

    public async ValueTask DisposeAsync()
    {
        // An enumerator can't be let go of while it is still asked for the next message.
        if (_next is { IsCompleted: false })
            await life.CancelAsync();
        await ((Task)(_next ?? Task.FromResult(false))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Messages.DisposeAsync();
        if (opened is not null)
            await opened.DisposeAsync();
    }
}
