namespace Jobwatch.Bench.Scaling.Herds;

/// <summary>An edge is gone, and its watchers come to the others.</summary>
internal sealed record HerdPlan
{
    public required int Watchers { get; init; }

    public required int EdgesLeft { get; init; }

    /// <summary>How long an edge is busy with one that comes, in seconds: the CPU of it by the cores that are free.</summary>
    public required double ConnectSeconds { get; init; }

    /// <summary>What each was told to wait before it comes again: <c>Edge:RetryInterval</c>.</summary>
    public double RetrySeconds { get; init; } = 1;

    /// <summary>The part of that wait that is left to chance, more or less; the edge's is a half.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>How long one waits for its answer; then it leaves and comes again.</summary>
    public double PatienceSeconds { get; init; } = 30;

    public int Seed { get; init; } = 1;
}
