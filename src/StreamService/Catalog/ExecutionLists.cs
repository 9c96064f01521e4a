using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Pages of a job's executions.</summary>
internal sealed class ExecutionLists(CatalogReader catalog, JobLookup jobs)
{
    public async Task<ListExecutionsResponse> ListAsync(
        string tenant, ListExecutionsRequest request, CancellationToken cancellation)
    {
        var violations = new Violations();
        violations.AddUnlessValid(request.JobId, "job_id");
        var size = PageSize.Of(request.PageSize, violations);
        var newestFirst = QueryWords.NewestFirst(request.OrderBy, violations);
        QueryWords.CheckStatuses(request.Statuses, violations);
        var labels = QueryWords.Labels(request.Labels, violations);
        violations.ThrowIfAny();

        var (log, floor, _) = await jobs.FindAsync(tenant, request.JobId, cancellation);
        var query = PageToken.Fingerprint(log.StreamKey, new ListExecutionsRequest(request) { PageToken = "", PageSize = 0 });
        var after = PageToken.Parse(request.PageToken, query)?.Number;
        var (executions, hasMore) = await PageReading.ReadAsync<ExecutionRecord>(
            size,
            (last, limit) => catalog.ListExecutionsAsync(
                log,
                new ExecutionQuery(request.Statuses, labels, newestFirst, last?.Execution.FirstPosition ?? after, limit),
                cancellation),
            record => record.Execution);

        var response = new ListExecutionsResponse { Executions = { executions.Select(record => record.Execution.WithFloor(floor)) } };
        if (hasMore)
        {
            response.NextPageToken = new PageToken(executions[^1].Execution.FirstPosition, "").ToString(query);
        }

        return response;
    }
}
