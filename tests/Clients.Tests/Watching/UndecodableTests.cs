using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

/// <summary>A node's message has come whole, and can't be decoded: it can't be another time either.</summary>
public sealed class UndecodableTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_cannot_be_decoded_ends_a_watch_at_once()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var tooDeep = Event(2);
        tooDeep.Event.Custom = new Custom { Data = Structures.Nested(40) };
        node.Watches.Send(StatusCode.OK, Event(1), tooDeep);

        await using var watch = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await watch.MoveNextAsync());
        IsUndecodable(await Assert.ThrowsAsync<RpcException>(async () => await watch.MoveNextAsync()), "WatchJob");
        Assert.Single(node.Watches.Requests);
    }

    [Fact]
    public async Task A_call_whose_answer_cannot_be_decoded_is_not_for_want_of_a_node()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Catalog.Execution = new Execution { Summary = Structures.Nested(40) };

        var call = () => client.CallAsync(() => client.Catalog.GetExecutionAsync(new GetExecutionRequest(), cancellationToken: Cancelled));
        IsUndecodable(await Assert.ThrowsAsync<RpcException>(call), "GetExecution");
    }

    private static void IsUndecodable(RpcException error, string method)
    {
        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.StartsWith($"The node answered {method} with a message that can't be decoded: ", error.Status.Detail, StringComparison.Ordinal);
        Assert.False(StatusDetails.IsOfConnection(error));
    }
}
