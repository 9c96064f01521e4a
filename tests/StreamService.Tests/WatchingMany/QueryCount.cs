using System.Diagnostics;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>Counts the commands that Npgsql sends to a node's database.</summary>
internal sealed class QueryCount : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public QueryCount(NodeUnderTest node)
    {
        var database = new NpgsqlConnectionStringBuilder(node.ConnectionString).Database;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Tags.Any(tag => tag.Value == database) || activity.TagObjects.Any(tag => tag.Value as string == database))
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Done when so many more were sent after the act.</summary>
    public async Task MoreAsync(int count, Action act)
    {
        var before = Count;
        act();
        await Eventually.TrueAsync(() => Count >= before + count, TimeSpan.FromSeconds(30), $"{count} more queries");
    }

    public void Dispose() => _listener.Dispose();
}
