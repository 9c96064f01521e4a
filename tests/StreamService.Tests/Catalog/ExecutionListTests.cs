using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Catalog;

public sealed class ExecutionListTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task An_execution_is_as_the_last_append_left_it()
    {
        await node.Append(Appends.To(
            _job,
            Appends.Started("run", ("ledger", "eu")),
            new() { ExecutionId = "run", StepStarted = new() { Step = "load" } },
            new() { ExecutionId = "run", ProgressReported = new() { Done = 4, Total = 10, Unit = "rows" } },
            Appends.Line(),
            Appends.Line()));
        var found = (await node.GetExecution(new() { JobId = _job, ExecutionId = "run" })).Execution;

        Assert.Equal((ExecutionStatus.Running, 1, "w7", "load"), (found.Status, found.Attempt, found.Worker, found.CurrentStep));
        Assert.Equal("eu", found.Labels["ledger"]);
        Assert.Equal((4, 10, "rows"), (found.Progress.Done, found.Progress.Total, found.Progress.Unit));
        Assert.Equal((5, 2, 1, 5), (found.EventCount, found.EventCounts["log_written"], found.FirstPosition, found.LastPosition));
    }

    [Fact]
    public async Task An_execution_that_is_not_there_is_not_found()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        var refusal = await Refusal.OfAsync(node.GetExecution(new() { JobId = _job, ExecutionId = "none" }));

        Assert.Equal((StatusCode.NotFound, "EXECUTION_NOT_FOUND"), (refusal.Code, refusal.Reason));
        Assert.Contains("'none'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("JOB_NOT_FOUND", (await Refusal.OfAsync(node.GetExecution(new() { JobId = "none", ExecutionId = "run" }))).Reason);
        Assert.Equal(2, (await Refusal.OfAsync(node.GetExecution(new() { JobId = "?", ExecutionId = "?" }))).Fields.Count);
    }

    [Theory]
    [InlineData("", "edcba")]
    [InlineData("create_time", "abcde")]
    public async Task Pages_put_together_are_the_whole_list_in_its_order(string orderBy, string expected)
    {
        await node.Append(Appends.To(_job, [.. "abcde".Select(name => Appends.Started(name.ToString()))]));
        foreach (var size in new[] { 1, 2, 5, 1000 })
        {
            Assert.Equal(expected, string.Concat(await ListAsync(new() { JobId = _job, OrderBy = orderBy, PageSize = size })));
        }
    }

    [Fact]
    public async Task Filters_by_status_and_by_all_labels()
    {
        await node.Append(Appends.To(
            _job,
            Appends.Started("a", ("x", "1"), ("y", "2")),
            Appends.Started("b", ("x", "1")),
            Appends.Started("c", ("x", "1"), ("y", "2")),
            Appends.Succeeded("c")));

        Assert.Equal(["c", "a"], await ListAsync(new() { JobId = _job, Labels = { "y=2", "x=1", "x=1" } }));
        Assert.Equal(["c"], await ListAsync(new() { JobId = _job, Labels = { "y=2" }, Statuses = { ExecutionStatus.Succeeded } }));
        Assert.Equal(["b", "a"], await ListAsync(new() { JobId = _job, Statuses = { ExecutionStatus.Running, ExecutionStatus.Queued } }));
    }

    [Fact]
    public async Task A_page_ends_before_its_message_is_too_large_for_a_client()
    {
        var summary = new Struct { Fields = { ["text"] = Value.ForString(new string('x', 200_000)) } };
        for (var i = 0; i < 25; i++)
        {
            await node.Append(Appends.To(_job, Appends.Started($"e{i:00}"), Appends.Summary(summary, $"e{i:00}")));
        }

        var first = await node.ListExecutions(new() { JobId = _job, PageSize = 1000 });
        Assert.InRange(first.Executions.Count, 5, 20);
        Assert.Equal(25, (await ListAsync(new() { JobId = _job, PageSize = 1000 })).Count);
    }

    [Fact]
    public async Task A_page_token_of_another_job_is_told()
    {
        await node.Append(Appends.To(_job, Appends.Started("a"), Appends.Started("b")));
        await node.Append(Appends.To(_job + "2", Appends.Started("a"), Appends.Started("b")));
        var token = (await node.ListExecutions(new() { JobId = _job, PageSize = 1 })).NextPageToken;

        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job + "2", PageSize = 1, PageToken = token })))
            .IsOf("INVALID_PAGE_TOKEN", "page_token", "another query");
    }

    [Fact]
    public async Task Words_that_it_does_not_know_are_told()
    {
        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job, OrderBy = "status" }))).IsOf("INVALID_FIELD", "order_by", "'status'");
        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job, Labels = { "a=1", "b" } }))).IsOf("INVALID_FILTER", "labels[1]", "key=value");
        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job, Labels = { "a=1", "a=2" } }))).IsOf("INVALID_FILTER", "labels[1]", "another value");
        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = _job, Labels = { Enumerable.Repeat("a=1", 17) } }))).IsOf("INVALID_FILTER", "labels", "at most 16");
        (await Refusal.OfAsync(node.ListExecutions(new() { JobId = "?" }))).IsOf("INVALID_ID", "job_id");
    }

    private async Task<List<string>> ListAsync(ListExecutionsRequest request)
    {
        var ids = new List<string>();
        request = request.Clone();
        do
        {
            var page = await node.ListExecutions(request);
            ids.AddRange(page.Executions.Select(execution => execution.ExecutionId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return ids;
    }
}
