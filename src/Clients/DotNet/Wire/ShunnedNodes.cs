using System.Collections.Concurrent;

namespace Jobwatch.Client.Wire;

/// <summary>
/// The nodes that lately refused calls, or whose connection broke: passed over for a while where there are others. A connection to a
/// node that stands still can be made and says nothing, so the channel alone would come back to it again and again.
/// </summary>
internal sealed class ShunnedNodes(TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _since = new();

    internal void Add(string? node)
    {
        if (node is not null)
            _since[node] = time.GetTimestamp();
    }

    internal bool Has(string node) => _since.TryGetValue(node, out var since) && time.GetElapsedTime(since) < Lasts;
}
