using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class DrainGateTests
{
    [Fact]
    public async Task Calls_that_come_on_an_old_connection_while_the_node_stops_are_sent_elsewhere()
    {
        await using var node = await RunningNode.StartAsync();
        var job = Appends.NewJob();
        await node.Append(Appends.To(job, Appends.Started()));
        // The word alone: who waits for it would close the connections next.
        node.App.Lifetime.StopApplication();

        AssertSentElsewhere(await Refusal.OfAsync(node.Append(Appends.To(job, Appends.Line()))));
        AssertSentElsewhere(await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = job })));
        using var watch = new WatchService.WatchServiceClient(node.Channel).WatchJob(
            new WatchJobRequest { JobId = job }, cancellationToken: TestContext.Current.CancellationToken);
        AssertSentElsewhere(Refusal.From(
            await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))));
    }

    private static void AssertSentElsewhere(Refusal refusal)
    {
        Assert.Equal((StatusCode.Unavailable, "DRAINING"), (refusal.Code, refusal.Reason));
        Assert.True(refusal.RetryAfter >= TimeSpan.Zero);
    }
}
