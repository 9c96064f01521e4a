using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

/// <summary>The log of a job, watched as a node has it watched: history, caught_up, live. Its cursors are c0, c1, c2 …</summary>
internal sealed class ScriptedLog
{
    private readonly List<WatchJobResponse> _events = [];
    private readonly ConcurrentQueue<string> _resumed = [];
    private TaskCompletionSource _grown = new();
    private int _active;

    /// <summary>Calls that are open.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The cursors that calls went on after.</summary>
    public IReadOnlyCollection<string> Resumed => _resumed;

    /// <summary>What every call ends with, once it is set and it has said all that there is.</summary>
    public RpcException? Failure { get; set; }

    /// <summary>Adds events and tells the calls at once.</summary>
    public void Append(int count, string text = "")
    {
        TaskCompletionSource grown;
        lock (_events)
        {
            for (; count > 0; count--)
                _events.Add(Says.Event(_events.Count + 1, text));
            (grown, _grown) = (_grown, new TaskCompletionSource());
        }

        grown.SetResult();
    }

    public async Task WatchAsync(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> stream, ServerCallContext context)
    {
        Interlocked.Increment(ref _active);
        try
        {
            await FollowAsync(request, stream, context);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private async Task FollowAsync(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> stream, ServerCallContext context)
    {
        var next = Look().Count;
        if (request.Start?.ResumeCursor is { Length: > 0 } cursor)
        {
            _resumed.Enqueue(cursor);
            next = int.Parse(cursor[1..], CultureInfo.InvariantCulture);
        }

        await context.WriteResponseHeadersAsync(ScriptedNode.Accepted($"c{next}"));
        var isLive = false;
        while (true)
        {
            var (count, grown) = Look();
            for (; next < count; next++)
                await stream.WriteAsync(EventAt(next), context.CancellationToken);
            if (!isLive)
                await stream.WriteAsync(new WatchJobResponse { Cursor = $"c{next}", CaughtUp = new CaughtUp() }, context.CancellationToken);
            isLive = true;
            if (Failure is { } failure)
                throw failure;
            await grown.WaitAsync(context.CancellationToken);
        }
    }

    private (int Count, Task Grown) Look()
    {
        lock (_events)
        {
            return (_events.Count, _grown.Task);
        }
    }

    private WatchJobResponse EventAt(int index)
    {
        lock (_events)
        {
            return _events[index];
        }
    }
}
