using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing.Oracle;
using Jobwatch.Testing.Producing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Closes a job to which nothing is written any more: holds what the product says of it against its log.</summary>
internal sealed class JobAccount(Deployment deployment, string tenant, string jobId, Random random, bool breaksExpected)
{
    private readonly CatalogService.CatalogServiceClient _catalog = deployment.As(tenant).Catalog;

    /// <summary>The log, and the cursor behind its last event.</summary>
    public async Task<(IReadOnlyList<ExecutionEvent> Log, string Head)> CloseAsync(Acknowledged acknowledged)
    {
        var log = await StoredLog.ReadAsync(deployment.ConnectionString, tenant, jobId);
        acknowledged.AssertHeldBy(log, jobId);
        var told = ToldJob.Of(log);
        var request = new GetJobRequest { JobId = jobId };
        var answer = await AskAsync(cancel => _catalog.GetJobAsync(request, cancellationToken: cancel).ResponseAsync);
        Assert.Equal(log.Count, answer.Job.LastPosition);
        Assert.Equal(told.Executions.Count, answer.Job.ExecutionCount);
        await AssertListsExecutionsAsync(told);
        await AssertListsEventsAsync(log, RandomFilters.Draw(random, [.. told.Executions.Keys]));
        return (log, answer.Job.Cursor);
    }

    private async Task AssertListsExecutionsAsync(ToldJob told)
    {
        var listed = new List<Execution>();
        var request = new ListExecutionsRequest { JobId = jobId, PageSize = random.Next(1, 30) };
        do
        {
            var page = await AskAsync(cancel => _catalog.ListExecutionsAsync(request, cancellationToken: cancel).ResponseAsync);
            listed.AddRange(page.Executions);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        var expected = told.Executions.Values.OrderByDescending(execution => execution.FirstPosition).ToList();
        Assert.Equal(expected.Select(execution => execution.Id), listed.Select(execution => execution.ExecutionId));
        foreach (var (want, got) in expected.Zip(listed))
            Verdict.AssertTrue(want, got);
    }

    private async Task AssertListsEventsAsync(IReadOnlyList<ExecutionEvent> log, EventFilter filter)
    {
        var listed = new List<ExecutionEvent>();
        var request = new ListEventsRequest { JobId = jobId, Filter = filter, PageSize = random.Next(1, 200) };
        do
        {
            var page = await AskAsync(cancel => _catalog.ListEventsAsync(request, cancellationToken: cancel).ResponseAsync);
            listed.AddRange(page.Events);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(Selection.Of(log, filter), listed);
    }

    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask) => Breaks.OutliveAsync(ask, breaksExpected);
}
