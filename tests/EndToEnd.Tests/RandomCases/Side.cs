using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>What one tenant does in a case: producers and watchers over some jobs.</summary>
internal sealed class Side
{
    private const int MostProducers = 16;
    private const int MostBatches = 6;
    private const int MostWatchers = 5;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly Deployment _deployment;
    private readonly string _tenant;
    private readonly bool _breaksExpected;
    private readonly Callers _callers;
    private readonly Random _random;
    private readonly List<IReadOnlyList<PlannedAppend>> _producers;
    private readonly List<PlannedAppend> _appends;
    private readonly List<WatchedJob> _jobs;
    private readonly Acknowledged _acknowledged = new();

    public Side(Deployment deployment, string tenant, int seed, bool breaksExpected)
    {
        _deployment = deployment;
        _tenant = tenant;
        _breaksExpected = breaksExpected;
        _callers = deployment.As(tenant);
        _random = new Random(seed);
        _producers = DrawProducers(_random, $"case-{seed}");
        _appends = [.. _producers.SelectMany(appends => appends)];
        _jobs = [.. _appends.Select(append => append.JobId).Distinct().Select(job => new WatchedJob(job))];
    }

    public int AppendCount => _appends.Count;

    /// <summary>Writes and watches until all is seen, and holds it against the database.</summary>
    /// <param name="advance">Called with each batch that is done.</param>
    public async Task<CaseFigures> RunAsync(Action advance)
    {
        var progress = new Progress(_appends.Count);
        advance += progress.Advance;
        var watching = StartWatchers(progress);
        var appenders = _producers.Select(_ => DrawAppender()).ToList();
        await Task.WhenAll(appenders.Zip(_producers, (appender, appends) => appender.SendAsync(appends, (append, answers) =>
        {
            Take(append, answers);
            advance();
        })));
        foreach (var job in _jobs)
            job.Close(await new JobAccount(_deployment, _tenant, job.Id, _random, _breaksExpected).CloseAsync(_acknowledged));

        var watchers = await Task.WhenAll(watching);
        foreach (var watcher in watchers)
            Verdict.AssertSawItsSlice(watcher, _jobs.Single(job => job.Id == watcher.Plan.JobId).Log);
        return new CaseFigures(
            _producers.Count,
            _jobs.Sum(job => job.Log.Count),
            watchers.Length,
            watchers.Sum(watcher => watcher.Sessions.Count),
            watchers.Sum(watcher => watcher.Kept.Count(kept => kept.Message.Event is not null)));
    }

    private static List<IReadOnlyList<PlannedAppend>> DrawProducers(Random random, string name)
    {
        List<string> jobs = [.. Enumerable.Range(0, random.Next(1, 4)).Select(job => $"{name}.{job}")];
        // Few are as likely as many: each shows other faults.
        int producers = random.Chance(0.5) ? random.Next(1, 4) : random.Next(1, MostProducers + 1);
        return [.. Enumerable.Range(0, producers)
            .Select(producer => ProducerPlan.Draw(new Random(random.Next()), producer, jobs, random.Next(1, MostBatches + 1)))];
    }

    private Appender DrawAppender() => _random.Chance(0.4)
        ? new HttpAppender(_callers.Edge, _breaksExpected)
        : new UnaryAppender(_callers.Records, _breaksExpected);

    private void Take(PlannedAppend append, AppendEventsResponse?[] answers)
    {
        foreach (var answer in answers)
        {
            Assert.True(answer is not null || append.MayBeRefused, "A batch of a producer's own executions was refused");
            if (answer is not null)
                _acknowledged.Add(append.JobId, append.Events, answer.Positions);
        }
    }

    private List<Task<Watcher>> StartWatchers(Progress progress)
    {
        var watching = new List<Task<Watcher>>();
        foreach (var job in _jobs)
        {
            int watchers = _random.Next(1, MostWatchers + 1);
            for (int i = 0; i < watchers; i++)
                watching.Add(WatchAsync(WatchPlan.Draw(_random, job.Id, _appends), new Random(_random.Next()), progress, job.Head));
        }
        return watching;
    }

    private async Task<Watcher> WatchAsync(WatchPlan plan, Random random, Progress progress, Task<string> head)
    {
        Transport[] transports =
        [
            new GrpcTransport(_callers.Watches),
            new LibraryTransport(_callers.Library),
            new SseTransport(_callers.Edge, random.Pick(Enum.GetValues<ResumeBy>()), reconciliationsRoute: random.Chance(0.3)),
            new NdjsonTransport(_callers.Edge, random.Pick(Enum.GetValues<ResumeBy>())),
        ];
        await progress.ReachAsync(plan.AttachAt);
        var start = await Breaks.OutliveAsync(_ => DrawnStart.DrawAsync(plan, random, _callers.Catalog), _breaksExpected);
        var watcher = new Watcher(plan, start, random, transports, progress, head, _breaksExpected);
        await watcher.RunAsync(Deadline);
        return watcher;
    }
}
