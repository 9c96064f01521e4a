using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class WatchPropertyTests : IAsyncLifetime
{
    private const int Cases = 20;
    private const int Producers = 3;
    private const int BatchesEach = 12;

    private NodeUnderTest _one = null!;
    private NodeUnderTest _two = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await NodeUnderTest.StartAsync(settings: [("Live:RingEvents", "8"), ("Watching:HeartbeatInterval", "00:00:01")]);
        _two = await NodeUnderTest.StartAsync(_one.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task The_sessions_of_a_watcher_on_any_node_are_together_what_its_filter_selects_of_the_log()
    {
        // Sweeps and heartbeats on both nodes while the cases run.
        using var clock = new Timer(
            _ =>
            {
                _one.Time.Advance(TimeSpan.FromMilliseconds(200));
                _two.Time.Advance(TimeSpan.FromMilliseconds(200));
            },
            null, 0, 5);
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                await RunAsync(seed).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed} fails.", error);
            }
        }
    }

    private async Task RunAsync(int seed)
    {
        var job = new JobKey("local", $"job-{seed}");
        var watchers = Enumerable.Range(0, 3).Select(i => Task.Run(() => WatchAsync(job, new Random((seed * 31) + i)))).ToList();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(i => Task.Run(() => ProduceAsync(job, new Random((seed * 37) + i), i))));
        await _one.AppendAsync(job, Started("last"), Succeeded("last"));

        var head = await _one.Reader.FindJobAsync(job, TestContext.Current.CancellationToken);
        var page = await _one.Reader.ReadAsync(head!.Log, 0, int.MaxValue, int.MaxValue, TestContext.Current.CancellationToken);
        var log = page.Events.Select(stored => ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span)).ToList();
        Assert.Equal(Enumerable.Range(1, log.Count).Select(position => (long)position), log.Select(one => one.Position));
        foreach (var (filter, seen) in await Task.WhenAll(watchers))
        {
            Assert.Equal(ReferenceFilter.Select(log, filter), seen);
        }
    }

    private async Task ProduceAsync(JobKey job, Random random, int producer)
    {
        for (var batch = 0; batch < BatchesEach; batch++)
        {
            var execution = $"e{producer}-{batch / 4}";
            var events = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Line(execution, random)).ToList();
            if (batch % 4 == 0)
            {
                events.Insert(0, random.Next(2) == 0 ? Queued(execution) : Labelled(execution, random));
            }
            else if (batch % 4 == 1)
            {
                events.Add(Labelled(execution, random));
            }
            else if (batch % 4 == 3)
            {
                events.Add(Succeeded(execution));
            }

            await (random.Next(2) == 0 ? _one : _two).AppendAsync(job, [.. events]);
        }
    }

    // Until the execution «last» has ended. Breaks sessions off at random, also before their first message.
    private async Task<(EventFilter Filter, IReadOnlyList<long> Seen)> WatchAsync(JobKey job, Random random)
    {
        var filter = Filter(random);
        var seen = new List<long>();
        var start = new WatchStart { Beginning = true };
        while (true)
        {
            var node = random.Next(2) == 0 ? _one : _two;
            using var session = node.Watch(new WatchJobRequest { JobId = job.JobId, Start = start, Filter = filter, AllowMissing = true });
            for (var rest = random.Next(0, 200); rest > 0; rest--)
            {
                var message = await session.NextAsync();
                if (message!.Event is { } one)
                {
                    seen.Add(one.Position);
                }

                start = new WatchStart { Cursor = message.Cursor };
                if (await HasPassedTheLastAsync(job, message))
                {
                    return (filter, seen);
                }
            }
        }
    }

    // A cursor that stands at the end: by an event, a heartbeat or whatever came.
    private async Task<bool> HasPassedTheLastAsync(JobKey job, WatchJobResponse message)
    {
        if (message.MessageCase is WatchJobResponse.MessageOneofCase.Event && message.Event.ExecutionId != "last")
        {
            return false;
        }

        var head = await _one.Reader.FindJobAsync(job, TestContext.Current.CancellationToken);
        if (head is null || StreamService.Cursors.Cursor.After(head.Log, head.Head).ToString() != message.Cursor)
        {
            return false;
        }

        var page = await _one.Reader.ReadAsync(head.Log, head.Head - 1, 1, int.MaxValue, TestContext.Current.CancellationToken);
        return page.Events.Single().Head is { ExecutionId: "last", Ends: true };
    }

    private static EventFilter Filter(Random random) => random.Next(6) switch
    {
        0 => new EventFilter { Labels = { "kind=full" } },
        1 => new EventFilter { EventTypes = { "execution_queued", "execution_started" } },
        2 => new EventFilter { ExecutionIds = { "e0-1", "e2-2", "never" } },
        3 => new EventFilter { MinLevel = V1.LogLevel.Error, Text = "a" },
        4 => new EventFilter { Statuses = { ExecutionStatus.Succeeded, ExecutionStatus.Queued } },
        _ => new EventFilter(),
    };

    private static ExecutionEvent Labelled(string execution, Random random) =>
        random.Next(3) == 0 ? Started(execution) : Started(execution, ("kind", random.Next(2) == 0 ? "full" : "delta"));

    private static ExecutionEvent Line(string execution, Random random)
    {
        var line = Logged(execution, random.Next(2) == 0 ? "A line" : new string('x', random.Next(1, 2000)));
        line.LogWritten.Level = (V1.LogLevel)random.Next(1, 7);
        return line;
    }
}
