using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.Cli.Servers;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Servers;

/// <summary>When a watch is told that its server is away.</summary>
public sealed class OutagesTests : IDisposable
{
    private readonly List<string?> _said = [];
    private readonly Outages _outages;

    public OutagesTests() => _outages = new Outages(_said.Add);

    public void Dispose() => _outages.Dispose();

    [Fact]
    public async Task A_connection_that_breaks_and_is_there_again_with_the_next_try_is_not_told()
    {
        await using var node = await ScriptedNode.StartAsync();
        for (var position = 1; position <= 5; position++)
            node.Watches.Send(StatusCode.Unavailable, Event(position));
        node.Watches.Send(StatusCode.OK);

        await ReadAsync(node);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_server_that_says_that_it_leaves_is_not_told()
    {
        await using var node = await ScriptedNode.StartAsync();
        var leaving = new WatchJobResponse { Cursor = "c1", Draining = new Draining { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1)) } };
        node.Watches.Send(StatusCode.Unavailable, leaving);
        node.Watches.Send(StatusCode.Unavailable);
        node.Watches.Send(StatusCode.OK);

        await ReadAsync(node);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task Two_tries_in_a_row_are_told_once_for_each_outage()
    {
        await using var node = await ScriptedNode.StartAsync();
        for (var outage = 1; outage <= 2; outage++)
        {
            node.Watches.Send(StatusCode.Unavailable, Event(outage));
            node.Watches.Send(StatusCode.Unavailable);
            node.Watches.Send(StatusCode.Unavailable);
        }

        node.Watches.Send(StatusCode.OK);

        await ReadAsync(node);

        Assert.Equal([null, null], _said);
    }

    [Fact]
    public async Task What_the_server_gives_as_its_reason_is_told()
    {
        await using var node = await ScriptedNode.StartAsync();
        foreach (var _ in Enumerable.Range(0, 2))
            node.Watches.Acts.Enqueue((_, _) => throw ScriptedRecords.Draining);
        node.Watches.Send(StatusCode.OK);

        await ReadAsync(node);

        Assert.Equal(["DRAINING"], _said);
    }

    private async Task ReadAsync(ScriptedNode node)
    {
        await using var client = node.Client(options => options.LoggerFactory = _outages);
        await foreach (var _ in client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, null, TestContext.Current.CancellationToken))
            _outages.Over();
    }
}
