using System.Collections.Concurrent;

namespace Jobwatch.Client.Wire;

/// <summary>Which of the nodes have ever answered, and at which addresses something else than a node is.</summary>
internal sealed class StrangeNodes
{
    private readonly ConcurrentDictionary<string, bool> _strange = new();
    private volatile IReadOnlyList<string> _nodes = [];

    /// <summary>Whether nothing but strangers is known: what they say is final then. While another address is silent, it may be a node's.</summary>
    internal bool AreAll => _nodes is { Count: > 0 } nodes && nodes.All(node => _strange.GetValueOrDefault(node));

    /// <summary>The addresses that there are now.</summary>
    internal void Know(IEnumerable<string> nodes) => _nodes = [.. nodes];

    internal void Add(string node) => _strange[node] = true;

    internal void Answered(string node) => _strange[node] = false;

    internal bool HasAnswered(string node) => _strange.TryGetValue(node, out var isStrange) && !isStrange;
}
