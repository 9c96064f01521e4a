using Jobwatch.EndToEnd.Tests.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>A watcher that reads what comes, and measures how late it comes.</summary>
internal sealed class Sibling(Transport transport, string jobId)
{
    private long _position;

    public Latencies Latencies { get; } = new();

    /// <summary>Reads every position from the first on, once and in order, up to a message about an execution's end.</summary>
    public async Task RunAsync()
    {
        var request = new WatchJobRequest { JobId = jobId, Start = new WatchStart { Beginning = true }, UntilExecutionEnds = true };
        await using var session = await transport.OpenAsync(request, CancellationToken.None);
        await foreach (var message in session.Messages)
        {
            if (message.Event is not { } item)
                continue;
            Assert.Equal(_position + 1, item.Position);
            Latencies.Add(TimeProvider.System.GetUtcNow() - item.RecordedAt.ToDateTimeOffset());
            _position = item.Position;
        }
    }
}
