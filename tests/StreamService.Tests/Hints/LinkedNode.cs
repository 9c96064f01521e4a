using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Live;
using Jobwatch.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

/// <summary>What links a node to the others, over real transports, without the node: the test commits and is interested.</summary>
internal sealed class LinkedNode : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly ErrorLog _errors;
    private readonly MeterListener _meters = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    private LinkedNode(ServiceProvider services, ErrorLog errors)
    {
        _services = services;
        _errors = errors;
        _meters.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == "Jobwatch.Hints" && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((counter, added, _, _) => _counts.AddOrUpdate(counter.Name, added, (_, sum) => sum + added));
        _meters.SetMeasurementEventCallback<int>((gauge, value, _, _) => _counts[gauge.Name] = value);
        _meters.Start();
        Feed.Heard += Heard.Enqueue;
        Feed.Listening += channels => Listening.Enqueue(channels ?? []);
    }

    public HintInterest Interest => _services.GetRequiredService<HintInterest>();

    public HintFeed Feed => _services.GetRequiredService<HintFeed>();

    /// <summary>Whether it knows that it is not linked to the others.</summary>
    public bool IsUnlinked
    {
        get
        {
            _meters.RecordObservableInstruments();
            return Count("hints_connected") == 0;
        }
    }

    public ConcurrentQueue<Hint> Heard { get; } = new();

    /// <summary>The channels that began to be heard; none for all of them.</summary>
    public ConcurrentQueue<IReadOnlyCollection<string>> Listening { get; } = new();

    public static async Task<LinkedNode> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var errors = new ErrorLog();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(errors));
        services.AddMetrics();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        services.AddSingleton<CommitFeed>();
        services.Configure<JournalOptions>(journal => journal.ConnectionString = connectionString);
        services.AddHints();
        var node = new LinkedNode(services.BuildServiceProvider(), errors);
        await node._services.GetRequiredService<IHostedService>().StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>A counter of the room.</summary>
    public long Count(string counter) => _counts.GetValueOrDefault(counter);

    /// <summary>Commits an event on this node, as far as the hints know.</summary>
    public void Commit(JobKey job, long position, long incarnation = 42) =>
        _services.GetRequiredService<CommitFeed>().Publish(new CommittedEvents(new JobLog(job, incarnation), [ModelStore.Event(position)], FailuresBefore: 0));

    public Task LinkedAsync(int times = 1) =>
        UntilAsync(() => Count("hints_connects") >= times, $"the node is linked for the {times}. time");

    /// <summary>Is interested in a job, and hears its channel from then on.</summary>
    public async Task WatchAsync(JobKey job)
    {
        var channel = _services.GetRequiredService<HintChannels>().Of(job);
        Interest.Add(job);
        await UntilAsync(() => Listening.Any(listened => listened.Contains(channel)), "the channel is heard");
    }

    public Task HeardAsync(JobKey job, long head) => UntilAsync(() => Heard.Any(hint => hint.Job == job && hint.Head == head), $"{job} at {head} is heard");

    public static Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, Deadline, what);

    public Task StopAsync() => _services.GetRequiredService<IHostedService>().StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meters.Dispose();
        await _services.DisposeAsync();
        Assert.True(_errors.Errors.Count == 0, string.Join('\n', _errors.Errors));
    }
}
