using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Catalog;

public sealed class JobListTests(RunningNode node) : IClassFixture<RunningNode>
{
    // Jobs of one test begin with the same letters, so that tests don't see each other's.
    private readonly string _prefix = $"{Guid.CreateVersion7():n}-";

    [Fact]
    public async Task A_job_is_as_the_last_append_left_it()
    {
        var job = await AddAsync("a");
        var answer = await node.Append(Appends.To(job, Appends.Line(), Appends.Succeeded(), Appends.Started("second")));
        var found = (await node.GetJob(new GetJobRequest { JobId = job })).Job;

        Assert.Equal((job, 4, answer.Cursor), (found.JobId, found.LastPosition, found.Cursor));
        Assert.Equal((2, 1), (found.ExecutionCount, found.OpenExecutionCount));
        Assert.Equal(("second", ExecutionStatus.Running), (found.LatestExecution.ExecutionId, found.LatestExecution.Status));
        Assert.True(found.CreateTime <= found.UpdateTime);
    }

    [Fact]
    public async Task One_moment_reads_the_same_in_job_execution_and_event()
    {
        var job = await AddAsync("a");
        var found = (await node.GetJob(new GetJobRequest { JobId = job })).Job;
        var first = (await node.ListEvents(new ListEventsRequest { JobId = job })).Events[0];

        Assert.Equal([first.RecordedAt, first.RecordedAt], [found.CreateTime, found.UpdateTime]);
        Assert.Equal([first.RecordedAt, first.RecordedAt], [found.LatestExecution.CreateTime, found.LatestExecution.UpdateTime]);
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_not_found()
    {
        var refusal = await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = "nothing" }));

        Assert.Equal((StatusCode.NotFound, "JOB_NOT_FOUND"), (refusal.Code, refusal.Reason));
        Assert.Contains("'nothing'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "edcba")]
    [InlineData("create_time desc", "edcba")]
    [InlineData("create_time", "abcde")]
    [InlineData("job_id", "abcde")]
    public async Task Pages_put_together_are_the_whole_list_in_its_order(string orderBy, string expected)
    {
        foreach (var name in "abcde")
        {
            await AddAsync(name.ToString());
        }

        foreach (var size in new[] { 1, 2, 5, 1000 })
        {
            var pages = await PagesAsync(new ListJobsRequest { IdPrefix = _prefix, OrderBy = orderBy, PageSize = size });
            Assert.Equal(expected, string.Concat(pages.SelectMany(page => page).Select(job => job[^1])));
            Assert.Equal((5 + size - 1) / size, pages.Count);
        }
    }

    [Fact]
    public async Task A_filter_looks_at_the_latest_execution()
    {
        await AddAsync("a");
        var ended = await AddAsync("b");
        await node.Append(Appends.To(ended, Appends.Succeeded()));
        var pages = await PagesAsync(new ListJobsRequest { IdPrefix = _prefix, Statuses = { ExecutionStatus.Succeeded } });

        Assert.Equal([ended], Assert.Single(pages));
    }

    [Fact]
    public async Task A_page_token_belongs_to_its_query()
    {
        await AddAsync("a");
        await AddAsync("b");
        var request = new ListJobsRequest { IdPrefix = _prefix, PageSize = 1 };
        request.PageToken = (await node.ListJobs(request)).NextPageToken;

        Assert.Single((await node.ListJobs(new ListJobsRequest(request) { PageSize = 7 })).Jobs);
        foreach (var other in new[]
        {
            new ListJobsRequest(request) { OrderBy = "job_id" },
            new ListJobsRequest(request) { IdPrefix = "" },
            new ListJobsRequest(request) { Statuses = { ExecutionStatus.Running } },
        })
        {
            (await Refusal.OfAsync(node.ListJobs(other))).IsOf("INVALID_PAGE_TOKEN", "page_token", "another query", "start without one");
        }

        (await Refusal.OfAsync(node.ListJobs(request, RunningNode.Acme))).IsOf("INVALID_PAGE_TOKEN", "page_token");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("äöü")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_damaged_page_token_is_told(string token) =>
        (await Refusal.OfAsync(node.ListJobs(new ListJobsRequest { PageToken = token })))
            .IsOf("INVALID_PAGE_TOKEN", "page_token", "no token of this server");

    [Fact]
    public async Task Every_bit_of_a_page_token_counts()
    {
        await AddAsync("a");
        await AddAsync("b");
        var request = new ListJobsRequest { IdPrefix = _prefix, PageSize = 1 };
        var token = (await node.ListJobs(request)).NextPageToken;
        for (var i = 0; i < token.Length; i++)
        {
            request.PageToken = string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1));
            Assert.Equal("INVALID_PAGE_TOKEN", (await Refusal.OfAsync(node.ListJobs(request))).Reason);
        }
    }

    [Fact]
    public async Task Words_that_it_does_not_know_are_told()
    {
        (await Refusal.OfAsync(node.ListJobs(new() { OrderBy = "name" }))).IsOf("INVALID_FIELD", "order_by", "'name'", "'create_time desc'", "'job_id'");
        (await Refusal.OfAsync(node.ListJobs(new() { PageSize = -1 }))).IsOf("INVALID_FIELD", "page_size", "-1", "1 to 1000");
        (await Refusal.OfAsync(node.ListJobs(new() { IdPrefix = "a/" }))).IsOf("INVALID_FILTER", "id_prefix", "'/' at index 1");
        (await Refusal.OfAsync(node.ListJobs(new() { Statuses = { (ExecutionStatus)9 } }))).IsOf("INVALID_FILTER", "statuses[0]", "9", "_RUNNING");
        (await Refusal.OfAsync(node.ListJobs(new() { Statuses = { ExecutionStatus.Unspecified } }))).IsOf("INVALID_FILTER", "statuses[0]");
    }

    private async Task<string> AddAsync(string name)
    {
        await node.Append(Appends.To(_prefix + name, Appends.Started()));
        return _prefix + name;
    }

    private async Task<List<List<string>>> PagesAsync(ListJobsRequest request)
    {
        var pages = new List<List<string>>();
        request = request.Clone();
        do
        {
            var page = await node.ListJobs(request);
            pages.Add([.. page.Jobs.Select(job => job.JobId)]);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return pages;
    }
}
