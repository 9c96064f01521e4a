using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class NamedEndTests
{
    [Fact]
    public async Task A_watch_that_ends_with_an_execution_says_so_even_if_the_filters_labels_leave_it_out()
    {
        await using var deployment = await Deployment.StartAsync();
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync(("region", "eu"));
        var request = new WatchJobRequest
        {
            JobId = "job",
            Start = new WatchStart { Beginning = true },
            Filter = new EventFilter { ExecutionIds = { "e1" }, Labels = { "region=us" } },
            UntilExecutionEnds = true,
        };
        Transport[] transports = [deployment.Local.OverGrpc, deployment.Local.OverSse];
        long end = (await worker.EndAsync()).Positions[0];

        foreach (var transport in transports)
        {
            await using var session = await transport.OpenAsync(request, TestContext.Current.CancellationToken);
            var said = await session.Messages.ToListAsync(TestContext.Current.CancellationToken);
            var expected = new ExecutionEnded { ExecutionId = "e1", Status = ExecutionStatus.Succeeded, Position = end };
            Assert.Equal(expected, said[^1].ExecutionEnded);
            Assert.DoesNotContain(said, message => message.Event is not null);
        }
    }
}
