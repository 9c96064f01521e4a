using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.WatchingMany;

public sealed class ManyJobsPropertyTests : IAsyncLifetime
{
    private const int Cases = 12;
    private const int Jobs = 6;
    private const int BatchesEach = 10;

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
    public async Task The_sessions_of_a_watcher_on_any_node_are_together_for_each_job_what_its_filter_selects_of_the_log()
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
        var jobs = Enumerable.Range(0, Jobs).Select(i => new JobKey("local", $"job-{seed}-{i}")).ToList();
        var watchers = Enumerable.Range(0, 4).Select(i => new ManyWatcher(seed, i, jobs, _one, _two)).ToList();
        var watches = watchers.Select(watcher => Task.Run(watcher.WatchAsync)).ToList();
        await Task.WhenAll(jobs.Select((job, i) => Task.Run(() => ProduceAsync(seed, job, new Random((seed * 37) + i), i))));
        var logs = new List<(JobHead Head, IReadOnlyList<ExecutionEvent> Log)>();
        foreach (var job in jobs)
        {
            var head = await _one.Reader.FindJobAsync(job, TestContext.Current.CancellationToken);
            var page = await _one.Reader.ReadAsync(head!.Log, 0, int.MaxValue, int.MaxValue, TestContext.Current.CancellationToken);
            logs.Add((head, [.. page.Events.Select(stored => ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span))]));
        }

        watchers.ForEach(watcher => watcher.Finish(logs));
        await Task.WhenAll(watches);
        watchers.ForEach(watcher => watcher.Verify(logs));
    }

    // Some jobs carry the labels from their first execution on, some from a later one, some never.
    private async Task ProduceAsync(int seed, JobKey job, Random random, int number)
    {
        for (var batch = 0; batch < BatchesEach; batch++)
        {
            var execution = $"e{batch / 3}";
            var labels = (batch / 3) >= (number % 4) && number != 5
                ? new[] { ("case", $"{seed}"), ("kind", random.Next(2) == 0 ? "full" : "delta") }
                : [("kind", "other")];
            var events = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Line(execution, random)).ToList();
            if (batch % 3 == 0)
            {
                events.Insert(0, random.Next(2) == 0 ? Queued(execution) : Started(execution, labels));
            }
            else if (batch % 3 == 1)
            {
                events.Insert(0, Started(execution, labels));
            }
            else
            {
                events.Add(Succeeded(execution));
            }

            await (random.Next(2) == 0 ? _one : _two).AppendAsync(job, [.. events]);
        }
    }

    private static ExecutionEvent Line(string execution, Random random)
    {
        var line = Logged(execution, random.Next(2) == 0 ? "A line" : new string('x', random.Next(1, 2000)));
        line.LogWritten.Level = (V1.LogLevel)random.Next(1, 7);
        return line;
    }
}
