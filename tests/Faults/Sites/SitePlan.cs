using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>What a site is to have beside the usual.</summary>
internal sealed record SitePlan
{
    /// <summary>Default: a cluster of its own.</summary>
    public PostgresCluster? Cluster { get; init; }

    /// <summary>Of the nodes, on top of the defaults.</summary>
    public IReadOnlyList<(string Name, string Value)> NodeSettings { get; init; } = [];

    /// <summary>Redis carries the nodes' hints, instead of PostgreSQL.</summary>
    public bool HasRedis { get; init; }

    /// <summary>Producers and watchers too reach nodes and edges through proxies of ours. Default: without, as they take a part of the machine.</summary>
    public bool HasCallerWays { get; init; }
}
