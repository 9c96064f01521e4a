using Jobwatch.Testing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>A watcher that reads what comes, and measures how late it comes.</summary>
internal sealed class Sibling(Transport transport, string jobId)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private long _position;
    private Latencies _latencies = new();

    /// <summary>Reads every position from the first on, once and in order, until no execution is open.</summary>
    public async Task RunAsync()
    {
        var request = new WatchJobRequest { JobId = jobId, Start = new WatchStart { Beginning = true }, UntilExecutionEnds = true };
        await using var session = await transport.OpenAsync(request, CancellationToken.None);
        await foreach (var message in session.Messages)
        {
            if (message.Event is not { } item)
                continue;
            Assert.Equal(_position + 1, item.Position);
            Volatile.Read(ref _latencies).Add(TimeProvider.System.GetUtcNow() - item.RecordedAt.ToDateTimeOffset());
            Volatile.Write(ref _position, item.Position);
        }
    }

    /// <summary>What was measured since the last time.</summary>
    public Latencies TakeLatencies() => Interlocked.Exchange(ref _latencies, new Latencies());

    public Task KeptUpAsync(Func<long> head) => Eventually.TrueAsync(
        () => head() is var last && last > 0 && Volatile.Read(ref _position) >= last, Deadline, $"a sibling over {transport} kept up");
}
