using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>A watch that ends with its execution says the same in one session and in many.</summary>
public sealed class CutWatchPropertyTests : IAsyncLifetime
{
    private const int Logs = 60;
    private const int WatchesOfALog = 6;

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_watch_that_is_cut_anywhere_and_resumed_gets_the_same_events_and_the_same_end()
    {
        for (var seed = 0; seed < Logs; seed++)
        {
            var random = new Random(seed);
            var job = new JobKey("local", $"job-{seed}");
            ExecutionEvent[] events = [.. DrawLog(random)];
            await _node.AppendAsync(job, events);
            var log = (await _node.Reader.FindJobAsync(job, TestContext.Current.CancellationToken))!.Log;
            for (var n = 0; n < WatchesOfALog; n++)
            {
                var request = new WatchJobRequest
                {
                    JobId = job.JobId,
                    Start = DrawStart(random, log, events),
                    Filter = DrawFilter(random),
                    UntilExecutionEnds = true,
                };
                var whole = await CollectAsync(request, () => int.MaxValue);
                var cut = await CollectAsync(request, () => random.Next(3));
                Assert.True(whole == cut, $"seed {seed}: {request}: uncut {whole}, cut {cut}");
            }
        }
    }

    private static List<ExecutionEvent> DrawLog(Random random)
    {
        var events = new List<ExecutionEvent>();
        var open = new List<string>();
        var begun = 0;
        for (var left = random.Next(4, 30); left > 0; left--)
        {
            var drawn = random.Next(10);
            if (open.Count == 0 || drawn < 2)
            {
                open.Add($"e{begun++}");
                events.Add(random.Next(2) == 0 ? Queued(open[^1]) : Started(open[^1], ("k", DrawLabel(random))));
                continue;
            }

            var executionId = open[random.Next(open.Count)];
            if (drawn < 5)
            {
                open.Remove(executionId);
            }

            events.Add(drawn switch
            {
                < 5 => Succeeded(executionId),
                < 7 => Started(executionId, ("k", DrawLabel(random))),
                _ => Logged(executionId),
            });
        }

        return events;
    }

    private static string DrawLabel(Random random) => random.Next(2) == 0 ? "a" : "b";

    private static WatchStart DrawStart(Random random, JobLog log, ExecutionEvent[] events) => random.Next(4) switch
    {
        0 => new WatchStart { Beginning = true },
        1 => new WatchStart { FromPosition = random.Next(1, events.Length + 2) },
        2 => new WatchStart { Cursor = Cursor.After(log, random.Next(events.Length + 1)).ToString() },
        _ => new WatchStart { FromExecution = events[random.Next(events.Length)].ExecutionId },
    };

    private static EventFilter DrawFilter(Random random) => random.Next(4) switch
    {
        0 => new EventFilter { Labels = { "k=a" } },
        1 => new EventFilter { EventTypes = { "execution_succeeded" } },
        2 => new EventFilter { EventTypes = { "log_written" }, Labels = { "k=b" } },
        _ => new EventFilter(),
    };

    // The positions that came, and how it ended: by itself, or live because something is open. An execution_ended may be lost with
    // the session that was to say it; its event is not.
    private async Task<string> CollectAsync(WatchJobRequest request, Func<int> patience)
    {
        var seen = new List<string>();
        var resume = "";
        while (true)
        {
            using var session = _node.Watch(new WatchJobRequest(request) { Start = new WatchStart(request.Start) { ResumeCursor = resume } });
            resume = await session.StartedFromAsync();
            for (var left = patience(); left > 0; left--)
            {
                var message = await session.NextAsync();
                if (message is null or { MessageCase: Message.CaughtUp })
                {
                    return $"{string.Join(' ', seen)} {(message is null ? "end" : "open")}";
                }

                resume = message.Cursor;
                if (message.Event is { } happened)
                {
                    seen.Add($"{happened.Position}");
                }
            }
        }
    }
}
