using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>A log in memory that is read in small pages, each after a seeded number of turns of the pool.</summary>
internal sealed class ModelStore(int seed)
{
    private readonly Lock _gate = new();
    private readonly List<StoredEvent> _events = [];
    private readonly Random _random = new(seed);

    public long Head
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    public int Reads { get; private set; }

    /// <summary>Events of a page that is not the last, at least.</summary>
    public int LeastPage { get; init; } = 1;

    public static StoredEvent Event(long position, string text = "") => new(
        position,
        Google.Protobuf.MessageExtensions.ToByteArray(new ExecutionEvent
        {
            ExecutionId = "e",
            Position = position,
            LogWritten = new LogWritten { Text = text },
        }));

    public IReadOnlyList<StoredEvent> Commit(int count)
    {
        lock (_gate)
        {
            var first = _events.Count + 1;
            var added = Enumerable.Range(first, count).Select(position => Event(position)).ToList();
            _events.AddRange(added);
            return added;
        }
    }

    /// <summary>All that is there after a position.</summary>
    public Task<EventPage> ReadWholeAsync(long after)
    {
        lock (_gate)
        {
            Reads++;
            return Task.FromResult(new EventPage(_events.Skip((int)after).ToList(), true));
        }
    }

    public async Task<EventPage> ReadAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
    {
        int turns, size;
        lock (_gate)
        {
            Reads++;
            turns = _random.Next(4);
            size = _random.Next(LeastPage, 9);
        }

        for (; turns > 0; turns--)
        {
            await Task.Yield();
        }

        lock (_gate)
        {
            var page = _events.Skip((int)after).Take(size).ToList();
            return new EventPage(page, after + page.Count == _events.Count);
        }
    }
}
