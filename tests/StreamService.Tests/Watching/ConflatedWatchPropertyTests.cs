using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>Whatever is appended, read and cut when: going on from any cursor, a watcher is told of every event once, as sent or as left out.</summary>
public sealed class ConflatedWatchPropertyTests : IAsyncLifetime
{
    private const int Watches = 40;
    private const int MaxSessions = 300;

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Watching:HeartbeatInterval", "00:00:00.100")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Every_hole_is_told_exactly_over_cuts_and_resumptions_from_any_cursor()
    {
        var leftOut = 0L;
        for (var seed = 0; seed < Watches; seed++)
        {
            var random = new Random(seed);
            var job = new JobKey("local", $"job-{seed}");
            var request = new WatchJobRequest
            {
                JobId = job.JobId,
                Start = new WatchStart { Beginning = true },
                Filter = DrawFilter(random),
                MaxUpdatesPerSecond = random.Next(1, 8),
            };
            var sessions = await WatchAsync(random, job, request);
            var log = await ReadLogAsync(job);
            var selected = ReferenceFilter.Select(log, request.Filter);
            foreach (var (after, messages) in sessions)
            {
                var account = new ConflationAccount(log, selected, after);
                messages.ForEach(account.Take);
                leftOut += messages.Sum(message => message.Conflated?.Count ?? 0);
            }
        }

        Assert.True(leftOut > 10 * Watches, $"only {leftOut} were left out");
    }

    // Appends, watches, cuts and goes on until the last selected event has come.
    private async Task<List<(long After, List<WatchJobResponse> Messages)>> WatchAsync(Random random, JobKey job, WatchJobRequest request)
    {
        var batches = DrawBatches(random);
        await _node.AppendAsync(job, batches.Dequeue());
        var sessions = new List<(long After, List<WatchJobResponse> Messages)>();
        var resume = "";
        while (true)
        {
            using var session = _node.Watch(new WatchJobRequest(request) { Start = new WatchStart { Beginning = true, ResumeCursor = resume } });
            var cursors = new List<string> { (await session.StartedFromAsync())! };
            var messages = new List<WatchJobResponse>();
            sessions.Add((PositionOf(cursors[0]), messages));
            for (var left = random.Next(1, 10 + sessions.Count); left > 0; left--)
            {
                if (batches.Count > 0 && random.Next(3) == 0)
                {
                    await _node.AppendAsync(job, batches.Dequeue());
                }

                _node.Time.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(400) : 0));
                var (message, _) = await _node.PassUntilAsync(session.NextAsync(), TimeSpan.FromMilliseconds(20));
                messages.Add(message!);
                cursors.Add(message!.Cursor);
                if (batches.Count == 0 && message.Event is { } happened && happened.Position == await LastSelectedAsync(job, request))
                {
                    return sessions;
                }
            }

            Assert.True(sessions.Count < MaxSessions, $"seed of {job.JobId}: the last event does not come");
            resume = random.Next(3) == 0 ? cursors[random.Next(cursors.Count)] : cursors[^1];
        }
    }

    private async Task<long> LastSelectedAsync(JobKey job, WatchJobRequest request) =>
        ReferenceFilter.Select(await ReadLogAsync(job), request.Filter)[^1];

    private async Task<IReadOnlyList<ExecutionEvent>> ReadLogAsync(JobKey job)
    {
        var stop = TestContext.Current.CancellationToken;
        var log = (await _node.Reader.FindJobAsync(job, stop))!.Log;
        var page = await _node.Reader.ReadAsync(log, 0, int.MaxValue, int.MaxValue, stop);
        return [.. page.Events.Select(stored => ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span))];
    }

    private static long PositionOf(string token) => Cursor.TryParse(token, out var cursor) ? cursor.Position : throw new ArgumentException(token);

    // The first batch begins the executions; the last event of all is one that every filter here selects.
    private static Queue<ExecutionEvent[]> DrawBatches(Random random)
    {
        var executions = Enumerable.Range(0, random.Next(1, 5)).Select(n => $"e{n}").ToList();
        var batches = new Queue<ExecutionEvent[]>([[.. executions.Select(id => Started(id)), .. Draw(random, executions, random.Next(300))]]);
        for (var left = random.Next(1, 8); left > 0; left--)
        {
            batches.Enqueue([.. Draw(random, executions, random.Next(1, 60))]);
        }

        batches.Enqueue([Progress(executions[0])]);
        return batches;
    }

    private static IEnumerable<ExecutionEvent> Draw(Random random, List<string> executions, int count)
    {
        for (; count > 0; count--)
        {
            var id = executions[random.Next(executions.Count)];
            if (executions.Count > 1 && random.Next(60) == 0)
            {
                executions.Remove(id);
                yield return Succeeded(id);
                continue;
            }

            yield return random.Next(20) switch
            {
                0 => Raised(id),
                1 => Logged(id, V1.LogLevel.Warn),
                < 9 => Logged(id, V1.LogLevel.Info),
                _ => Progress(id),
            };
        }
    }

    private static ExecutionEvent Progress(string executionId)
    {
        var progress = Event(executionId);
        progress.ProgressReported = new ProgressReported { Done = 1 };
        return progress;
    }

    private static ExecutionEvent Raised(string executionId)
    {
        var raised = Event(executionId);
        raised.ErrorRaised = new ErrorRaised { Code = "E" };
        return raised;
    }

    private static ExecutionEvent Logged(string executionId, V1.LogLevel level)
    {
        var logged = Event(executionId);
        logged.LogWritten = new LogWritten { Level = level, Text = "a line" };
        return logged;
    }

    private static EventFilter DrawFilter(Random random) => random.Next(4) switch
    {
        0 => new EventFilter { EventTypes = { "progress_reported" } },
        1 => new EventFilter { EventTypes = { "progress_reported", "log_written" } },
        2 => new EventFilter { MinLevel = V1.LogLevel.Warn },
        _ => new EventFilter(),
    };
}
