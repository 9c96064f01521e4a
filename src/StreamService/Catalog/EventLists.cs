using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Pages of a job's events. A page's token is a cursor, so any cursor of the job starts a page too.</summary>
internal sealed class EventLists(JournalReader journal, JobLookup jobs)
{
    /// <summary>Events that one page looks at: a filter that selects little ends a page early instead of scanning on and on.</summary>
    public const int MaxScanned = 10_000;

    private const int ReadEvents = 1_000;

    public async Task<ListEventsResponse> ListAsync(string tenant, ListEventsRequest request, CancellationToken cancellation)
    {
        var violations = new Violations();
        violations.AddUnlessValid(request.JobId, "job_id");
        var size = PageSize.Of(request.PageSize, violations);
        violations.ThrowIfAny();

        var job = await jobs.FindAsync(tenant, request.JobId, cancellation);
        var position = StartOf(job, request.PageToken);
        var last = Math.Min(job.Head, position + MaxScanned);
        var response = new ListEventsResponse();
        var bytes = 0;
        while (position < last && response.Events.Count < size && bytes < PageSize.Bytes)
        {
            var count = (int)Math.Min(ReadEvents, last - position);
            var page = await journal.ReadAsync(job.Log, position, count, JournalReader.DefaultPageBytes, cancellation);
            foreach (var stored in page.Events)
            {
                if (stored.Position != position + 1)
                {
                    throw Truncated(Cursor.After(job.Log, stored.Position - 1));
                }

                if (response.Events.Count == size || bytes >= PageSize.Bytes)
                {
                    break;
                }

                response.Events.Add(ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span));
                bytes += stored.Bytes.Length;
                position = stored.Position;
            }
        }

        if (position < job.Head)
        {
            response.NextPageToken = Cursor.After(job.Log, position).ToString();
        }

        return response;
    }

    private static long StartOf(JobHead job, string token) => token.Length == 0 ? job.Floor : 0;

    private static RpcException Truncated(Cursor oldest) => RpcErrors.OutOfRange(
        "The events behind this cursor were truncated: go on from the oldest cursor, or without one.", oldest.ToString());
}
