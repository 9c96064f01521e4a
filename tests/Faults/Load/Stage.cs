using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Load;

/// <summary>Jobs of their own for one fault, with those who write and watch them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly Site _site;
    private readonly string _name;
    private readonly List<JobLoad> _loads = [];
    private readonly List<Task> _producing = [];
    private readonly List<Task> _watching = [];
    private readonly List<Watcher> _watchers = [];

    /// <param name="site">Where.</param>
    /// <param name="name">No other stage on this site has it.</param>
    /// <param name="random">Decides what is recorded and watched.</param>
    public Stage(Site site, string name, Random random)
    {
        _site = site;
        Random = random;
        _name = name;
        _loads.AddRange(Enumerable.Range(0, StageSize.Jobs).Select(job => new JobLoad($"{name}.{job}", Acknowledged)));
        for (int job = 0; job < StageSize.Jobs; job++)
        {
            for (int i = 0; i < StageSize.ProducersOfJob; i++)
                Producers.Add(ProducerOf(job, i));
        }
    }

    public Random Random { get; }

    public Acknowledged Acknowledged { get; } = new();

    public IReadOnlyList<JobLoad> Loads => _loads;

    /// <summary>What goes with the stage, once nobody watches any more.</summary>
    public List<IAsyncDisposable> Owned { get; } = [];

    public List<Producer> Producers { get; } = [];

    public IReadOnlyList<Watcher> Watchers => _watchers;

    public long Appends => Loads.Sum(load => load.Appends);

    /// <summary>Begins to record and to watch, and waits until every watcher sees what is recorded.</summary>
    public async Task StartAsync()
    {
        _producing.AddRange(Producers.Select(producer => Task.Run(() => producer.RunAsync(_stop.Token))));
        for (int job = 0; job < StageSize.Jobs; job++)
            WatchersOf(Loads[job].JobId).ForEach(Add);
        await EveryoneIsAtAsync(Loads.ToDictionary(load => load.JobId, _ => 20L), Patience, "every watcher sees what is recorded");
    }

    /// <summary>One job more, with little to record, for many to watch.</summary>
    public JobLoad AddQuietJob()
    {
        var load = new JobLoad($"{_name}.quiet", Acknowledged);
        _loads.Add(load);
        var producer = new Producer(load, "e0", [WayAt(0, overHttp: false), WayAt(1, overHttp: false)], new Random(Random.Next()), StageSize.QuietPace);
        Producers.Add(producer);
        _producing.Add(Task.Run(() => producer.RunAsync(_stop.Token)));
        return load;
    }

    /// <summary>One watcher more.</summary>
    public void Add(Watcher watcher)
    {
        _watchers.Add(watcher);
        _watching.Add(Task.Run(() => watcher.RunAsync(_leave.Token)));
    }

    /// <summary>What a producer or a watcher met that the product may not do; null as long as there is nothing.</summary>
    public string? Failure =>
        _producing.Find(task => task.IsFaulted) is { } failed ? $"A producer: {failed.Exception!.InnerException}"
        : _watchers.Find(watcher => watcher.Failure is not null) is { } refused ? $"{refused}: {refused.Failure}"
        : null;

    /// <summary>Throws where there is a <see cref="Failure"/>.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
            throw new InvalidOperationException(failure);
    }

    /// <summary>Done when every watcher has seen its job's position.</summary>
    public async Task EveryoneIsAtAsync(IReadOnlyDictionary<string, long> positions, TimeSpan bound, string what)
    {
        bool IsThere(Watcher watcher) => watcher.Position >= positions[watcher.JobId];
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    ThrowIfFailed();
                    return _watchers.TrueForAll(IsThere);
                },
                bound,
                what);
        }
        catch (TimeoutException late)
        {
            var behind = _watchers.Where(watcher => !IsThere(watcher)).ToList();
            throw new TimeoutException($"{late.Message}: {behind.Count} of {_watchers.Count} didn't; {positions[behind[0].JobId]} was to be reached by {behind[0]}", late);
        }
    }

    /// <summary>Ends the load, and waits until every watcher has seen all of it.</summary>
    public async Task EndAsync(TimeSpan bound)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_producing).WaitAsync(Patience);
        await EveryoneIsAtAsync(Loads.ToDictionary(load => load.JobId, load => load.Head), bound, "every watcher saw the end");
        await _leave.CancelAsync();
        await Task.WhenAll(_watching).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _leave.CancelAsync();
        // A producer goes on until it is answered; where the product is gone for good, nobody waits for it.
        await Task.WhenAll(_producing.Concat(_watching)).WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var owned in Owned)
            await owned.DisposeAsync();
        _stop.Dispose();
        _leave.Dispose();
    }

    // The first jobs are written at one node only, so that the other's watchers hear of nothing but what crosses over; to the
    // rest both nodes append at once. An edge sends an append to either node.
    private Producer ProducerOf(int job, int number)
    {
        int side = job < Site.Sides ? job : number % Site.Sides;
        bool overHttp = job >= Site.Sides && number == StageSize.ProducersOfJob - 1;
        List<Appender> ways = [.. new[] { side, 1 - side }.Select(at => WayAt(at, overHttp))];
        return new Producer(Loads[job], $"e{number}", ways, new Random(Random.Next()), StageSize.Pace);
    }

    private Appender WayAt(int side, bool overHttp) => overHttp
        ? new HttpAppender(_site.Callers[side].Edge, breaksExpected: true)
        : new UnaryAppender(_site.Callers[side].Records, breaksExpected: true);

    private List<Watcher> WatchersOf(string jobId)
    {
        Func<Callers, Transport>[] kinds =
            [callers => callers.OverGrpc, callers => callers.OverSse, _ => new LibraryTransport(_site.Library), callers => callers.OverNdjson];
        // All of them select the last event, so that whoever watches can be seen to have seen everything.
        var byType = new EventFilter { MinLevel = LogLevel.Warn, EventTypes = { "log_written", "execution_succeeded" } };
        EventFilter[] filters = [new EventFilter(), new EventFilter { MinLevel = LogLevel.Warn }, byType];
        int[] each = [3, 3, 1, 1];
        return
        [
            .. from kind in Enumerable.Range(0, kinds.Length)
               from number in Enumerable.Range(0, each[kind])
               select new Watcher(
                   jobId, filters[number], [.. _site.Callers.Select(kinds[kind])], Random.Next(Site.Sides), new Random(Random.Next())),
        ];
    }
}
