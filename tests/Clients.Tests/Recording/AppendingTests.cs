using Grpc.Core;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Recording;

public sealed class AppendingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tries_again_with_the_same_ids_and_leaves_the_callers_events_alone()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Records.Refuse(StatusCode.Unavailable);
        node.Records.Refuse(StatusCode.DeadlineExceeded);
        node.Records.Acts.Enqueue(context =>
        {
            context.GetHttpContext().Abort();
            return Task.CompletedTask;
        });
        ExecutionEvent[] events = [new() { ExecutionId = "e", EventId = "given" }, new() { ExecutionId = "e" }];

        var answer = await client.AppendAsync("j", events, Cancelled);

        Assert.Equal([1, 2], answer.Positions);
        var sent = node.Records.Requests.ToList();
        Assert.Equal(4, sent.Count);
        Assert.All(sent, request => Assert.Equal(sent[0], request));
        Assert.Equal("given", sent[0].Events[0].EventId);
        Assert.Equal(7, Guid.Parse(sent[0].Events[1].EventId).Version);
        Assert.Empty(events[1].EventId);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Throws_a_refusal_at_once(StatusCode code)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Records.Refuse(code);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.AppendAsync("j", [new ExecutionEvent()], Cancelled));
        Assert.Equal(code, error.StatusCode);
        Assert.Single(node.Records.Requests);
    }

    [Fact]
    public async Task Sends_nothing_that_is_nested_too_deep()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var update = new ExecutionEvent { SummaryUpdated = new SummaryUpdated { Summary = Structures.Nested(31) } };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.AppendAsync("j", [new ExecutionEvent(), update], Cancelled));
        Assert.Equal("events", refused.ParamName);
        Assert.Contains("events[1].summary_updated.summary has 31 levels", refused.Message, StringComparison.Ordinal);
        Assert.Empty(node.Records.Requests);
    }

    [Fact]
    public async Task Stops_trying_when_cancelled()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options => options.InitialBackoff = options.MaxBackoff = TimeSpan.FromDays(1));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        node.Records.Acts.Enqueue(_ =>
        {
            stop.CancelAfter(1);
            throw new RpcException(new Status(StatusCode.Unavailable, "scripted"));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.AppendAsync("j", [new ExecutionEvent()], stop.Token));
    }
}
