using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Retention;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Jobwatch.StreamService.Tests.Catalog;

public sealed class TruncatedExecutionTests
{
    [Fact]
    public async Task The_catalog_says_of_an_execution_up_to_where_its_events_are_truncated()
    {
        await using var node = await RunningNode.StartAsync(
            ("Retention:Rules:0:MaxEvents", "4"), ("Retention:MinAge", "00:00:00"), ("Retention:Interval", "1.00:00:00"));
        var job = Appends.NewJob();
        await node.Append(Appends.To(
            job, Appends.Started("gone"), Appends.Succeeded("gone"), Appends.Started("cut"), Appends.Line("x", "cut"), Appends.Line("y", "cut"),
            Appends.Started("whole"), Appends.Succeeded("whole")));
        Assert.Equal((0, 1), ((await node.GetExecution(new() { JobId = job, ExecutionId = "gone" })).Execution.TruncatedPosition, await FirstAsync()));
        await node.App.Services.GetRequiredService<RetentionJob>().RunOnceAsync(TestContext.Current.CancellationToken);

        (string, long)[] expected = [("whole", 0), ("cut", 3), ("gone", 2)];
        Assert.Equal(expected, (await node.ListExecutions(new() { JobId = job })).Executions.Select(one => (one.ExecutionId, one.TruncatedPosition)));
        foreach (var (id, position) in expected)
        {
            var execution = (await node.GetExecution(new() { JobId = job, ExecutionId = id })).Execution;
            Assert.Equal((id, position), (id, execution.TruncatedPosition));
            Assert.Equal(id == "cut" ? 3 : 2, execution.EventCount);
        }

        Assert.Equal(4, await FirstAsync());
        var snapshot = await node.App.Services.GetRequiredService<CatalogReader>()
            .SnapshotAsync(new JobKey("local", job), new(10), TestContext.Current.CancellationToken);
        Assert.Equal([("whole", 0), ("cut", 3)], snapshot!.Executions.Select(one => (one.Execution.ExecutionId, one.Execution.TruncatedPosition)));

        // What is shown is not what is stored: a commit writes the execution's row again.
        await node.Append(Appends.To(job, Appends.Line("z", "cut")));
        Assert.Equal(3, (await node.GetExecution(new() { JobId = job, ExecutionId = "cut" })).Execution.TruncatedPosition);

        async Task<long> FirstAsync() => (await node.GetJob(new() { JobId = job })).Job.FirstPosition;
    }
}
