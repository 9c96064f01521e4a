using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Pages of a job's events. A page's token is a cursor, so any cursor of the job begins a page too.</summary>
internal sealed class EventLists(JournalReader journal, CatalogReader catalog)
{
    private const string TokenField = "page_token";

    public async Task<ListEventsResponse> ListAsync(string tenant, ListEventsRequest request, CancellationToken cancellation)
    {
        var violations = new Violations();
        violations.AddUnlessValid(request.JobId, "job_id");
        var size = PageSize.Of(request.PageSize, violations);
        violations.ThrowIfAny();

        var key = new JobKey(tenant, request.JobId);
        var filter = CompiledFilter.Compile(request.Filter);
        var start = request.PageToken.Length == 0 ? (Cursor?)null : CursorRules.Parse(request.PageToken, TokenField, key);
        var job = await journal.FindJobAsync(key, cancellation);
        if (job is null)
        {
            throw start is { Incarnation: not 0 } ? CursorRules.OfDeletedJob(TokenField) : JobLookup.NotFound(request.JobId);
        }

        var after = start is { } cursor ? CursorRules.PositionIn(job, cursor, TokenField) : job.Floor;
        if (after < job.Floor)
        {
            throw RpcErrors.OutOfRange(
                $"The events {after + 1} to {job.Floor} of job '{request.JobId}' are truncated: go on after oldest_cursor, or start without a page_token.",
                Cursor.After(job.Log, job.Floor).ToString());
        }

        var page = new EventScan(journal, filter, new LabelSelection(filter, catalog, job.Log), job, after, size);
        await page.RunAsync(cancellation);
        return page.Answer();
    }
}
