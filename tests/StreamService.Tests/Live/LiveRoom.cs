using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Microsoft.Extensions.DependencyInjection;

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
        // Nobody watches a whole tenant here, so nothing is read.
        Jobs = new LiveJobs(Feed, readPage, Missing, new JobSelections(reader: null!), options, metrics);
    }

    public CommitFeed Feed { get; } = new();

    public MissingJobs Missing { get; } = new();

    public LiveJobs Jobs { get; }

    public void Publish(IReadOnlyList<StoredEvent> events) => Feed.Publish(new CommittedEvents(Log, events));

    public void Dispose() => _services.Dispose();
}
