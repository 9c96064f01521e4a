using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Tests;

/// <summary>A feed whose stream ends under its readers, since the reader that it was taken from left in that moment.</summary>
public sealed class StoppedFeed : IAsyncDisposable
{
    private static readonly FrameForm<WatchJobResponse> Form = new();
    private static readonly SseFraming Framing = new();
    private static readonly FeedKey Key = new("", Framing, "");
    private static readonly WatchJobResponse CaughtUp = new() { Cursor = "c0", CaughtUp = new CaughtUp() };

    private static readonly WatchJobResponse Succeeded =
        new() { Cursor = "c1", Event = new ExecutionEvent { ExecutionId = "e", Position = 1, ExecutionSucceeded = new ExecutionSucceeded() } };

    private static readonly WatchJobResponse Ended = new() { Cursor = "c1", ExecutionEnded = new ExecutionEnded { ExecutionId = "e" } };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _life = new();
    private readonly Channel<WatchJobResponse> _node = Channel.CreateBounded<WatchJobResponse>(8);
    private readonly Channel<WatchJobResponse> _later = Channel.CreateBounded<WatchJobResponse>(8);
    private readonly Feeds<WatchJobResponse> _feeds = new(Options.Create(new StreamingOptions()), TimeProvider.System);
    private readonly TaskCompletionSource<string> _wentOnAfter = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _life.Dispose();
    }

    [Fact]
    public async Task Who_is_left_goes_on_by_its_cursor()
    {
        var read = await StopAfterAsync(Says.Event(1), CaughtUp, Says.Event(2));

        Assert.Equal("c1", await _wentOnAfter.Task);
        Assert.Equal(["id: c0", "id: c1", "id: c2"], read.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_has_an_executions_last_event_is_still_told_of_its_end()
    {
        var read = await StopAfterAsync(Succeeded, new() { Cursor = "c0", Heartbeat = new Heartbeat() }, CaughtUp, Succeeded, Ended);

        Assert.Equal("c0", await _wentOnAfter.Task);
        Assert.Equal(
            ["event: caught_up", "event: execution_update", "event: execution_ended"],
            read.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reader_whose_own_stream_does_not_end_well_leaves_no_place_behind()
    {
        var first = await _feeds.TryJoinAsync(Key, Form.Of(CaughtUp)!.Value, Stream(_node, _life), Form);
        using var others = new CancellationTokenSource();
        var own = new NodeStream<WatchJobResponse>("c0", new Unwell(), _ => Empty(), Form, NewSilence(), others);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _feeds.TryJoinAsync(Key, Form.Of(CaughtUp)!.Value, own, Form).AsTask());

        Assert.False(_life.IsCancellationRequested);
        first!.Dispose();
        Assert.True(_life.IsCancellationRequested);
    }

    // All that a reader is sent, who has joined a feed, got a message from it, and gets these from a stream of its own after that.
    private async Task<string> StopAfterAsync(WatchJobResponse message, params WatchJobResponse[] later)
    {
        var first = await _feeds.TryJoinAsync(Key, Form.Of(CaughtUp)!.Value, Stream(_node, _life), Form);
        var pipe = new Pipe();
        var context = new DefaultHttpContext();
        context.Response.Body = pipe.Writer.AsStream();
        var own = Channel.CreateBounded<WatchJobResponse>(8);
        own.Writer.TryWrite(CaughtUp);
        using var owns = new CancellationTokenSource();
        await using var relay = new Relay<WatchJobResponse>(
            Stream(own, owns), new SharedWatch<WatchJobResponse>(_feeds, Key, GoOn, Form), Form, Framing,
            new StreamBody(context, new StreamingOptions(), TimeProvider.System), new Streaming.Metrics(_services.GetRequiredService<IMeterFactory>()));
        var running = RunAsync(relay, pipe.Writer);
        var read = new StringBuilder();
        _node.Writer.TryWrite(message);
        await ReadAsync(pipe.Reader, read, until: "id: c1\n");

        await _life.CancelAsync();
        foreach (var one in later)
            _later.Writer.TryWrite(one);
        _later.Writer.Complete();
        await ReadAsync(pipe.Reader, read, until: null);
        await running;
        first!.Dispose();
        return read.ToString();
    }

    private static async Task RunAsync(Relay<WatchJobResponse> relay, PipeWriter output)
    {
        await Task.Yield();
        try
        {
            await relay.RunAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    private static async Task ReadAsync(PipeReader input, StringBuilder read, string? until)
    {
        while (until is null || !read.ToString().Contains(until, StringComparison.Ordinal))
        {
            var more = await input.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            read.Append(Encoding.UTF8.GetString(more.Buffer));
            input.AdvanceTo(more.Buffer.End);
            if (more.IsCompleted)
                return;
        }
    }

    private IAsyncEnumerable<WatchJobResponse> GoOn(string cursor, CancellationToken stop)
    {
        _wentOnAfter.SetResult(cursor);
        return _later.Reader.ReadAllAsync(stop);
    }

    private static NodeStream<WatchJobResponse> Stream(Channel<WatchJobResponse> node, CancellationTokenSource life) =>
        new("c0", null, stop => node.Reader.ReadAllAsync(stop), Form, NewSilence(), life);

    private static Silence NewSilence() => new(TimeSpan.FromSeconds(20), TimeProvider.System);

    private static async IAsyncEnumerable<WatchJobResponse> Empty()
    {
        await Task.CompletedTask;
        yield break;
    }

    private sealed class Unwell : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => throw new InvalidOperationException("The call can't be ended.");
    }
}
