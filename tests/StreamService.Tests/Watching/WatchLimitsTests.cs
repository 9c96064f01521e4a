using Grpc.Core;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class WatchLimitsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Watching:MaxWatches", "2")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task One_watch_too_many_is_refused_until_another_has_left()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var first = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        var second = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await first.UntilAsync(Message.CaughtUp);
        await second.UntilAsync(Message.CaughtUp);
        using var refused = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        var error = await refused.FailsAsync(StatusCode.ResourceExhausted, "TOO_MANY_WATCHES");
        second.Dispose();

        Assert.NotNull(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        await Jobwatch.Testing.Eventually.TrueAsync(
            async _ =>
            {
                using var next = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
                try
                {
                    return await next.NextAsync() is not null;
                }
                catch (RpcException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30), "the place is free again");
    }

    [Fact]
    public async Task What_is_not_there_yet_says_so()
    {
        using var many = _node.Watches.WatchJobs(new WatchJobsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => many.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Contains("WatchJob", error.Status.Detail);
    }

    [Fact]
    public async Task A_bad_job_id_is_refused()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger/eu" });
        await watch.FailsAsync(StatusCode.InvalidArgument, "INVALID_ID");
    }
}
