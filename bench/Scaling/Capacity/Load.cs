namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>What is asked of an installation. Watchers and events are spread evenly over the watched jobs.</summary>
internal sealed record Load
{
    /// <summary>SSE connections that watch one job each.</summary>
    public double Watchers { get; init; } = 100_000;

    /// <summary>Jobs that somebody watches.</summary>
    public double Jobs { get; init; } = 10_000;

    /// <summary>Events a second, of all watched jobs together.</summary>
    public double EventsPerSecond { get; init; } = 2_000;

    /// <summary>Events of one append.</summary>
    public double EventsPerAppend { get; init; } = 1;

    /// <summary>Events that reach a watcher in one write; 1 where they come one by one, which costs the most.</summary>
    public double EventsPerSend { get; init; } = 1;

    public double EventsPerJob => EventsPerSecond / Jobs;

    public double AppendsPerSecond => EventsPerSecond / EventsPerAppend;

    public double Deliveries => EventsPerSecond * Watchers / Jobs;

    /// <summary>The part of this load that one of so many cells has.</summary>
    public Load Share(int cells) => this with { Watchers = Watchers / cells, Jobs = Jobs / cells, EventsPerSecond = EventsPerSecond / cells };
}
