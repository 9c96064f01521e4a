using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Isolation;

public sealed class IsolationTests
{
    /// <summary>A job of the tenant that asks.</summary>
    public const string Own = "own";

    // As long as each other, so that lengths tell nothing either.
    private const string Theirs = "job-a";
    private const string Nobodys = "job-b";

    [Fact]
    public async Task Another_tenants_job_and_no_job_at_all_look_the_same_on_every_way_in()
    {
        await using var deployment = await Deployment.StartAsync();
        var theirs = await MakeAsync(deployment.As("red"), Theirs);
        var nobodys = await MakeAsync(deployment.As("red"), Nobodys);
        await deployment.As("red").Catalog.DeleteJobAsync(
            new DeleteJobRequest { JobId = Nobodys }, cancellationToken: TestContext.Current.CancellationToken);
        var blue = deployment.As("blue");
        await new Worker(blue.Records, Own).StartAsync();

        foreach (var question in GrpcQuestions.Of(blue).Concat(HttpQuestions.Of(blue)))
        {
            string aboutNobodys = await question.AskAsync(nobodys);
            string aboutTheirs = await question.AskAsync(theirs);
            Assert.True(aboutNobodys.Contains(question.Reason, StringComparison.Ordinal), $"{question.Name}: {aboutNobodys}");
            string same = theirs.AsOf(nobodys, aboutTheirs);
            Assert.True(aboutNobodys == same, $"{question.Name} tells them apart:\n{aboutNobodys}\n{aboutTheirs}");
        }
        var listed = await blue.Catalog.ListJobsAsync(new ListJobsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([Own], listed.Jobs.Select(job => job.JobId));
        var kept = await deployment.As("red").Catalog.GetJobAsync(
            new GetJobRequest { JobId = Theirs }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3, kept.Job.LastPosition);
    }

    [Fact]
    public async Task The_same_job_execution_and_event_ids_in_two_tenants_are_two()
    {
        await using var deployment = await Deployment.StartAsync();
        var red = new Worker(deployment.As("red").Records, Theirs);
        var blue = new Worker(deployment.As("blue").Records, Theirs);
        var started = red.Start();
        await red.AppendAsync(started);
        await red.LogAsync();

        Assert.Equal([1], (await blue.AppendAsync(started)).Positions);
        Assert.Equal([3], (await red.LogAsync()).Positions);
        Assert.Equal([2], (await blue.LogAsync()).Positions);
    }

    [Fact]
    public async Task Who_waits_for_a_job_hears_nothing_of_another_tenants_job_of_that_name()
    {
        await using var deployment = await Deployment.StartAsync(settings: ("Watching__HeartbeatInterval", "00:00:00.200"));
        var blue = deployment.As("blue");
        foreach (var transport in new[] { blue.OverGrpc, blue.OverSse, blue.OverNdjson })
        {
            string job = $"job-{transport.GetType().Name}";
            var request = new WatchJobRequest { JobId = job, AllowMissing = true };
            await using var session = await transport.OpenAsync(request, TestContext.Current.CancellationToken);
            await using var messages = session.Messages.GetAsyncEnumerator(TestContext.Current.CancellationToken);
            Assert.True(await messages.MoveNextAsync());
            Assert.NotNull(messages.Current.CaughtUp);
            string before = messages.Current.Cursor;
            await MakeAsync(deployment.As("red"), job);

            // Longer than the sweep takes to find whatever is to be found.
            for (int i = 0; i < 10; i++)
            {
                Assert.True(await messages.MoveNextAsync());
                Assert.NotNull(messages.Current.Heartbeat);
                Assert.Equal(before, messages.Current.Cursor);
            }
            var own = await new Worker(blue.Records, job, "mine").StartAsync();
            while (messages.Current.Event is null)
                Assert.True(await messages.MoveNextAsync());
            Assert.Equal((own.Cursor, "mine"), (messages.Current.Cursor, messages.Current.Event.ExecutionId));
        }
    }

    private static async Task<Target> MakeAsync(Callers tenant, string jobId)
    {
        var worker = new Worker(tenant.Records, jobId);
        var line = worker.Line();
        await worker.StartAsync();
        await new Worker(tenant.Records, jobId, "e2").StartAsync();
        var written = await worker.AppendAsync(line);
        var executions = await tenant.Catalog.ListExecutionsAsync(
            new ListExecutionsRequest { JobId = jobId, PageSize = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var many = tenant.Watches.WatchJobs(
            new WatchJobsRequest { JobIds = { jobId } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await many.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return new Target(jobId, written.Cursor, executions.NextPageToken, line.EventId, many.ResponseStream.Current.Cursor);
    }
}
