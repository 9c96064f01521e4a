using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Recording;

/// <summary>What all streams of producers share, and how they end when the server stops: what is under way is answered, then they are sent elsewhere.</summary>
internal sealed class RecordRoom : IDisposable
{
    // More than answers need that are read; a producer that doesn't read them is not waited for.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan DrainSpread = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _overdue = new();
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _timer;

    public RecordRoom(JournalWriter journal, BatchIntake intake, Metrics metrics, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        (Journal, Intake, Metrics, Stopping) = (journal, intake, metrics, lifetime.ApplicationStopping);
        _stopping = Stopping.Register(() =>
            _timer = time.CreateTimer(_ => _overdue.Cancel(), null, DrainTimeout, Timeout.InfiniteTimeSpan));
    }

    public JournalWriter Journal { get; }

    public BatchIntake Intake { get; }

    public Metrics Metrics { get; }

    /// <summary>The time to take no more batches.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The time to wait for no producer any more.</summary>
    public CancellationToken IsOverdue => _overdue.Token;

    /// <summary>Another one at each call, so that not all producers come to the next node at once.</summary>
    public static TimeSpan NextDelay() => DrainSpread * Random.Shared.NextDouble();

    public void Dispose()
    {
        _stopping.Dispose();
        _timer?.Dispose();
        _overdue.Dispose();
    }
}
