using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Pages of a tenant's jobs.</summary>
internal sealed class JobLists(CatalogReader catalog)
{
    public async Task<ListJobsResponse> ListAsync(string tenant, ListJobsRequest request, CancellationToken cancellation)
    {
        var violations = new Violations();
        var size = PageSize.Of(request.PageSize, violations);
        var order = QueryWords.JobOrder(request.OrderBy, violations);
        QueryWords.CheckIdPrefix(request.IdPrefix, violations);
        QueryWords.CheckStatuses(request.Statuses, violations);
        violations.ThrowIfAny();

        var query = PageToken.Fingerprint(tenant, new ListJobsRequest(request) { PageToken = "", PageSize = 0 });
        var after = PageToken.Parse(request.PageToken, query) is { } token ? new JobMark(token.Number, token.Id) : (JobMark?)null;
        var (jobs, hasMore) = await PageReading.ReadAsync<JobRecord>(
            size,
            (last, limit) => catalog.ListJobsAsync(
                tenant, new JobQuery(request.IdPrefix, request.Statuses, order, last is null ? after : MarkOf(last), limit), cancellation),
            record => record.Job);

        var response = new ListJobsResponse { Jobs = { jobs.Select(WithCursor) } };
        if (hasMore)
        {
            var mark = MarkOf(jobs[^1]);
            response.NextPageToken = new PageToken(mark.CreatedMicroseconds, mark.JobId).ToString(query);
        }

        return response;
    }

    public static Job WithCursor(JobRecord record)
    {
        record.Job.Cursor = Cursor.After(record.Head.Log, record.Head.Head).ToString();
        return record.Job;
    }

    private static JobMark MarkOf(JobRecord record) => new(Microseconds(record.Job.CreateTime), record.Job.JobId);

    private static long Microseconds(Timestamp time) => (time.Seconds * 1_000_000) + (time.Nanos / 1_000);
}
