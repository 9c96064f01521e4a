using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Watching;

/// <summary>What all watches of a process share.</summary>
internal sealed class WatchRoom(
    WatchOpener opener, JournalReader journal, CatalogReader catalog, SelectionReader selectionReader, LiveJobs live,
    MissingJobs missing, JobSelections selections, Farewell farewell, IOptions<WatchingOptions> options,
    Metrics metrics, TimeProvider time, ILogger<Watch> logger)
{
    private int _active;

    public WatchOpener Opener => opener;

    public JournalReader Journal => journal;

    public CatalogReader Catalog => catalog;

    public SelectionReader SelectionReader => selectionReader;

    public LiveJobs Live => live;

    public MissingJobs Missing => missing;

    public JobSelections Selections => selections;

    public Farewell Farewell => farewell;

    public WatchingOptions Options => options.Value;

    public Metrics Metrics => metrics;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Takes a place for a watch; false if all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _active) > Options.MaxWatches)
        {
            Interlocked.Decrement(ref _active);
            metrics.Refused();
            return false;
        }

        metrics.Began();
        return true;
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _active);
        metrics.Ended();
    }
}
