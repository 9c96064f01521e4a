namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>What the processes run on, and how far they are filled.</summary>
internal sealed record Limits
{
    /// <summary>Cores of an edge, and of a node. What was measured had two for everything.</summary>
    public double Cores { get; init; } = 2;

    /// <summary>Memory of an edge, and of a node, in GiB.</summary>
    public double Memory { get; init; } = 4;

    /// <summary>Cores of a PostgreSQL server.</summary>
    public double DatabaseCores { get; init; } = 16;

    /// <summary>The part of a resource that is used at most: the rest is for peaks, and for what a lost neighbour leaves.</summary>
    public double Utilization { get; init; } = 0.5;

    /// <summary>Watchers of an edge at most: as many come at once to the others when it dies.</summary>
    public double WatchersPerEdge { get; init; } = 20_000;

    /// <summary>Streams of a node at most: <c>Watching:MaxWatches</c>, which is 10,000 by default.</summary>
    public double StreamsPerNode { get; init; } = 10_000;

    /// <summary>Network of an edge, in bytes a second.</summary>
    public double Network { get; init; } = 1.25e9;

    public bool HintsByRedis { get; init; }

    /// <summary>What is before the edges sends all watchers of a job to one of them, by the job's name in the path, and not to any.</summary>
    public bool RoutedByJob { get; init; }
}
