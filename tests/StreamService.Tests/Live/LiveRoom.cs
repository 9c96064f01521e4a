using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>The live room over a store of the test's choice.</summary>
internal sealed class LiveRoom : IDisposable
{
    public static readonly JobLog Log = new(new JobKey("local", "ledger-eu"), 42);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public LiveRoom(ReadPage readPage, int ringEvents = 4096, long ringBytes = 1 << 20)
    {
        var metrics = new StreamService.Live.Metrics(_services.GetRequiredService<IMeterFactory>());
        var options = new LiveOptions { RingEvents = ringEvents, RingBytes = ringBytes };
        Interest = new HintInterest(new HintChannels(Options.Create(new HintsOptions { Transport = HintTransport.Redis })));
        Missing = new MissingJobs(Interest);
        // Nobody watches a whole tenant here, so nothing is read.
        var selections = new JobSelections(reader: null!, fills: null!, new NewJobs(Feed, Hints, Interest));
        Jobs = new LiveJobs(Feed, Hints, Interest, readPage, () => Failures, Missing, selections, options, metrics);
    }

    /// <summary>Failures of the store that were noticed.</summary>
    public long Failures { get; set; }

    public CommitFeed Feed { get; } = new();

    public HintFeed Hints { get; } = new();

    public HintInterest Interest { get; }

    public MissingJobs Missing { get; }

    public LiveJobs Jobs { get; }

    public void Publish(IReadOnlyList<StoredEvent> events, long? failuresBefore = null) =>
        Feed.Publish(new CommittedEvents(Log, events, failuresBefore ?? Failures));

    /// <summary>Another node says that it committed up to a head.</summary>
    public void Hint(long head) => Hints.Hear(new Hint(Log.Job, Log.Incarnation, head, MadeJob: head == 1));

    public void Dispose() => _services.Dispose();
}
