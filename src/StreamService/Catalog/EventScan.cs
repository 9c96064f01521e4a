using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Fills one page with the events of a log that a filter selects, up to the head that was read before.</summary>
internal sealed class EventScan(
    JournalReader journal, CompiledFilter filter, LabelSelection labels, JobHead job, long after, int size)
{
    /// <summary>Events that one page looks at: a filter that selects little ends the page early instead of scanning on and on.</summary>
    public const int MaxScanned = 10_000;

    private const int ReadEvents = 1_000;

    private readonly long _end = Math.Min(job.Head, after + MaxScanned);
    private readonly ListEventsResponse _response = new();
    private long _position = after;
    private int _bytes;

    private bool IsFull => _response.Events.Count >= size || _bytes >= PageSize.Bytes;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (_position < _end && !IsFull)
        {
            var count = (int)Math.Min(ReadEvents, _end - _position);
            var page = await journal.ReadAsync(job.Log, _position, count, JournalReader.DefaultPageBytes, cancellation);
            if (page.Events.Count == 0 || page.Events[0].Position != _position + 1)
            {
                // Deleted or truncated meanwhile: the page ends here, and the next one will say why.
                return;
            }

            await labels.LearnAsync(
                page.Events.Select(stored => stored.Head.ExecutionId).Where(filter.SelectsExecution), cancellation);
            Take(page.Events);
        }
    }

    public ListEventsResponse Answer()
    {
        if (_position < job.Head)
        {
            _response.NextPageToken = Cursor.After(job.Log, _position).ToString();
        }

        return _response;
    }

    private void Take(IReadOnlyList<StoredEvent> events)
    {
        foreach (var stored in events.TakeWhile(stored => !IsFull && stored.Position <= _end))
        {
            _position = stored.Position;
            // Labels before the rest: they learn from events that the rest leaves out.
            if (filter.SelectsExecution(stored.Head.ExecutionId) && labels.Selects(stored) && filter.SelectsEvent(stored))
            {
                _response.Events.Add(ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span));
                _bytes += stored.Bytes.Length;
            }
        }
    }
}
