using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Xunit;

namespace Jobwatch.StreamService.Tests.Catalog;

public sealed class DeleteJobTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task A_deleted_job_is_no_longer_there_and_the_next_append_makes_another()
    {
        var before = await node.Append(Appends.To(_job, Appends.Started(), Appends.Line()));
        await node.DeleteJob(new() { JobId = _job });

        Assert.Equal("JOB_NOT_FOUND", (await Refusal.OfAsync(node.GetJob(new() { JobId = _job }))).Reason);
        Assert.Equal("JOB_NOT_FOUND", (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job }))).Reason);
        Assert.DoesNotContain((await node.ListJobs(new())).Jobs, job => job.JobId == _job);
        (await Refusal.OfAsync(node.ListEvents(new() { JobId = _job, PageToken = before.Cursor }))).IsOf("CURSOR_OF_DELETED_JOB", "page_token", "deleted");

        Assert.Equal([1], (await node.Append(Appends.To(_job, Appends.Started()))).Positions);
        (await Refusal.OfAsync(node.ListEvents(new() { JobId = _job, PageToken = before.Cursor }))).IsOf("CURSOR_OF_DELETED_JOB", "page_token", "deleted");
        Assert.Single((await node.ListEvents(new() { JobId = _job })).Events);
    }

    [Fact]
    public async Task A_missing_job_and_another_tenants_are_not_found_alike()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        var foreign = await Refusal.OfAsync(node.DeleteJob(new() { JobId = _job }, RunningNode.Acme));
        var missing = await Refusal.OfAsync(node.DeleteJob(new() { JobId = Appends.NewJob() }));

        Assert.Equal((StatusCode.NotFound, "JOB_NOT_FOUND"), (foreign.Code, foreign.Reason));
        Assert.Equal((StatusCode.NotFound, "JOB_NOT_FOUND"), (missing.Code, missing.Reason));
        Assert.Equal(1, (await node.GetJob(new() { JobId = _job })).Job.LastPosition);
        (await Refusal.OfAsync(node.DeleteJob(new() { JobId = "a/b" }))).IsOf("INVALID_ID", "job_id", "a/b");
    }
}
