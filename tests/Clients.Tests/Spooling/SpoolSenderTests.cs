using Grpc.Core;
using Jobwatch.Cli.Spooling;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Spooling;

public sealed class SpoolSenderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spool-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly Spool _spool;

    public SpoolSenderTests() => _spool = Spool.Create(_folder, new SpoolHeader("j", "e", "http://127.0.0.1:1", null));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _spool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Few_events_wait_for_company_and_go_together()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        _spool.Append([Line(1)]);
        var running = new SpoolSender(_spool, client, _time).RunAsync(Cancelled);
        _spool.Append([Line(2)]);
        _time.Advance(SpoolSender.Patience - TimeSpan.FromTicks(1));
        Assert.Empty(node.Records.Requests);

        _spool.Append([Line(3)]);
        _spool.Append([End()]);
        _time.Advance(TimeSpan.FromTicks(1));
        await running;

        Assert.Equal(["1", "2", "3", "end"], Assert.Single(node.Records.Requests).Events.Select(one => one.EventId));
    }

    [Fact]
    public async Task Many_events_go_at_once_in_order_and_in_batches()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        _spool.Append([.. Enumerable.Range(0, 1200).Select(Line), End()]);

        await new SpoolSender(_spool, client, _time).RunAsync(Cancelled);

        Assert.Equal([500, 500, 201], node.Records.Requests.Select(request => request.Events.Count));
        Assert.Equal(
            [.. Enumerable.Range(0, 1200).Select(i => $"{i}"), "end"],
            node.Records.Requests.SelectMany(request => request.Events).Select(one => one.EventId));
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_goes_again_with_the_same_ids()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Records.Refuse(StatusCode.Unavailable);
        _spool.Append([Line(1), End()]);

        await new SpoolSender(_spool, client, _time).RunAsync(Cancelled);

        Assert.Equal(2, node.Records.Requests.Count);
        Assert.Single(node.Records.Requests.Distinct());
        Assert.Equal(0, _spool.Pending);
    }

    [Fact]
    public async Task A_refusal_ends_the_sending_and_leaves_the_rest()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Records.Refuse(StatusCode.InvalidArgument);
        _spool.Append([Line(1), End()]);

        await Assert.ThrowsAsync<RpcException>(() => new SpoolSender(_spool, client, _time).RunAsync(Cancelled));
        Assert.Equal(2, _spool.Pending);
    }

    private static ExecutionEvent Line(int number) =>
        new() { ExecutionId = "e", EventId = $"{number}", LogWritten = new LogWritten { Text = "x" } };

    private static ExecutionEvent End() => new() { ExecutionId = "e", EventId = "end", ExecutionSucceeded = new ExecutionSucceeded() };
}
