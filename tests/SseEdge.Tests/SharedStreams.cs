using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>Watchers that get the same frames share one stream of the node.</summary>
public sealed class SharedStreams : IAsyncLifetime
{
    private const string Path = "/v1/jobs/j:watch?start.latest=true";

    private readonly ScriptedLog _log = new();
    private ScriptedNode _node = null!;
    private RunningEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ScriptedNode.StartAsync();
        _node.Watch = _log.WatchAsync;
        _edge = await RunningEdge.StartAsync(_node.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Watchers_of_one_job_cost_the_node_one_stream()
    {
        await using var first = await LiveAsync(Path);
        await using var second = await LiveAsync(Path);
        await using var third = await LiveAsync("/v1/jobs/j:watch?start.beginning=true");
        await ActiveAsync(1);
        _log.Append(100);

        foreach (var watcher in new[] { first, second, third })
            await AssertNextAsync(watcher, 1, 100);
        Assert.Equal(1, _log.Active);
    }

    [Fact]
    public async Task A_watcher_that_comes_later_joins_after_what_it_has()
    {
        _log.Append(3);
        await using var first = await LiveAsync(Path);
        _log.Append(2);
        await AssertNextAsync(first, 4, 5);
        await using var second = await LiveAsync(Path);
        await ActiveAsync(1);
        _log.Append(1);

        await AssertNextAsync(first, 6, 6);
        await AssertNextAsync(second, 6, 6);
    }

    [Fact]
    public async Task The_stream_goes_on_when_the_watcher_that_brought_it_leaves_and_ends_with_the_last_one()
    {
        var first = await LiveAsync(Path);
        await using var second = await LiveAsync(Path);
        await ActiveAsync(1);
        await first.DisposeAsync();
        _log.Append(1);
        await AssertNextAsync(second, 1, 1);

        await second.DisposeAsync();
        await ActiveAsync(0);
    }

    [Theory]
    [InlineData(Path, "Bearer other")]
    [InlineData(Path + "&filter.min_level=LOG_LEVEL_WARN", null)]
    [InlineData(Path + "&until_execution_ends=true", null)]
    [InlineData("/v1/jobs/j:watch?start.from_execution=e", null)]
    public async Task Others_get_a_stream_of_their_own(string path, string? authorization)
    {
        await using var first = await LiveAsync(Path);
        using var http = new HttpClient { BaseAddress = _edge.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("Authorization", authorization is null ? [] : [authorization]);
        await using var second = await LiveAsync(path, http);
        _log.Append(1);

        await AssertNextAsync(first, 1, 1);
        await AssertNextAsync(second, 1, 1);
        Assert.Equal(2, _log.Active);
    }

    [Fact]
    public async Task A_watcher_that_is_left_behind_goes_on_with_a_stream_of_its_own_and_gets_every_event_once()
    {
        using var narrow = Narrow(_edge.Http.BaseAddress!);
        await using var quick = await LiveAsync(Path);
        await using var slow = await LiveAsync(Path, narrow);
        await ActiveAsync(1);
        for (var hundred = 0; hundred < 100; hundred++)
        {
            _log.Append(100, new string('x', 300));
            await AssertNextAsync(quick, (100 * hundred) + 1, 100 * (hundred + 1));
        }

        await AssertNextAsync(slow, 1, 10_000);
        Assert.NotEmpty(_log.Resumed);
        // It is live again, and shares again.
        _log.Append(1);
        await AssertNextAsync(slow, 10_001, 10_001);
        await ActiveAsync(1);
    }

    [Fact]
    public async Task What_the_stream_fails_with_is_told_to_all_after_all_that_came()
    {
        await using var first = await LiveAsync(Path);
        await using var second = await LiveAsync(Path);
        await ActiveAsync(1);
        _log.Failure = Refusals.Of(StatusCode.OutOfRange, "HISTORY_TRUNCATED");
        _log.Append(2);

        foreach (var watcher in new[] { first, second })
        {
            await AssertNextAsync(watcher, 1, 2);
            var error = await watcher.NextAsync();
            Assert.Equal("error", error?.EventType);
            Assert.Equal("HISTORY_TRUNCATED", ProblemAnswer.Of(error!.Value.Data, HttpStatusCode.Gone).Code);
            Assert.Null(await watcher.NextAsync());
        }
    }

    [Fact]
    public async Task A_node_that_dies_is_gone_on_from_for_all()
    {
        await using var first = await LiveAsync(Path);
        await using var second = await LiveAsync(Path);
        await ActiveAsync(1);
        _log.Append(1);
        await AssertNextAsync(first, 1, 1);
        await AssertNextAsync(second, 1, 1);
        await _node.DownAsync();
        _log.Append(1);
        await _node.UpAsync();

        await AssertNextAsync(first, 2, 2);
        await AssertNextAsync(second, 2, 2);
        Assert.Equal(["c1"], _log.Resumed);
    }

    [Fact]
    public async Task An_edge_that_stops_says_each_watchers_own_cursor()
    {
        await using var first = await LiveAsync(Path);
        await using var second = await LiveAsync(Path);
        await ActiveAsync(1);
        _log.Append(2);
        await AssertNextAsync(first, 1, 2);
        await AssertNextAsync(second, 1, 2);

        await _edge.StopAsync().WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        foreach (var watcher in new[] { first, second })
        {
            var farewell = await watcher.NextAsync();
            Assert.Equal(("draining", "c2"), (farewell?.EventType, farewell?.EventId));
            Assert.Null(await watcher.NextAsync());
        }
    }

    [Fact]
    public async Task Who_awaits_a_job_gets_nothing_of_one_of_that_name_that_is_deleted()
    {
        const string Awaiting = "/v1/jobs/j:watch?allow_missing=true&start.beginning=true";
        await using var first = await LiveAsync(Awaiting);
        _log.Append(1, "of the first");
        await AssertNextAsync(first, 1, 1);

        var second = new ScriptedLog();
        _node.Watch = second.WatchAsync;
        await using var later = await LiveAsync(Awaiting);
        second.Append(1, "of the second");
        Assert.Contains("of the second", (await later.NextAsync())?.Data, StringComparison.Ordinal);
    }

    private static async Task AssertNextAsync(EventStream watcher, int first, int last)
    {
        for (var position = first; position <= last; position++)
        {
            var item = await watcher.NextAsync();
            Assert.Equal(($"c{position}", "execution_update"), (item?.EventId, item?.EventType));
        }
    }

    // A reader whose sockets take little ahead.
    private static HttpClient Narrow(Uri address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancelled) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
            await socket.ConnectAsync(context.DnsEndPoint, cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = address,
    };

    private async Task<EventStream> LiveAsync(string path, HttpClient? http = null)
    {
        var watcher = await EventStream.OpenAsync(http ?? _edge.Http, path);
        while ((await watcher.NextAsync())?.EventType != "caught_up")
        {
        }

        return watcher;
    }

    private Task ActiveAsync(int calls) =>
        Eventually.TrueAsync(() => _log.Active == calls, TimeSpan.FromSeconds(10), $"{calls} calls at the node");
}
