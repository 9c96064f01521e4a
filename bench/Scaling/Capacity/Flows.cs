namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>What goes between the processes of a plant, a second where nothing else is said.</summary>
internal sealed record Flows
{
    /// <summary>Streams between edges and nodes: an edge has one for each job that one of its watchers watches.</summary>
    public required double Streams { get; init; }

    /// <summary>Events on those streams.</summary>
    public required double StreamEvents { get; init; }

    /// <summary>Nodes that have a watched job in memory, on average.</summary>
    public required double NodesOfJob { get; init; }

    /// <summary>Heartbeats to watchers, and on the streams behind them.</summary>
    public required double Heartbeats { get; init; }

    public required double StreamHeartbeats { get; init; }

    public required double Commits { get; init; }

    /// <summary>Hints that are sent, and that come to a node.</summary>
    public required double HintsSent { get; init; }

    public required double HintsReceived { get; init; }

    /// <summary>Pages that nodes read because another one had committed.</summary>
    public required double RemoteReads { get; init; }

    public static Flows Of(Load load, Plant plant, Limits limits)
    {
        var streams = limits.RoutedByJob ? Math.Min(load.Jobs, load.Watchers) : Hit(load.Jobs, plant.Edges, load.Watchers / load.Jobs);
        var nodesOfJob = Hit(load.Jobs, plant.Nodes, streams / load.Jobs) / load.Jobs;
        var commits = CommitsOf(load.AppendsPerSecond, plant);

        // A log is told of at most once in a hint's pause, whatever is appended to it.
        var told = Math.Min(load.AppendsPerSecond, load.Jobs * Coefficients.HintsPerSecond);
        var silence = Math.Exp(-Coefficients.HeartbeatSeconds * load.EventsPerJob) / Coefficients.HeartbeatSeconds;
        var sent = limits.HintsByRedis ? told : Math.Min(commits, plant.Nodes * plant.Databases * Coefficients.HintsPerSecond);
        return new Flows
        {
            Streams = streams,
            StreamEvents = load.EventsPerJob * streams,
            NodesOfJob = nodesOfJob,
            Heartbeats = load.Watchers * silence,
            StreamHeartbeats = streams * silence,
            Commits = commits,
            HintsSent = sent,
            // By Redis a node hears of its own jobs only, by PostgreSQL of everything.
            HintsReceived = sent * (limits.HintsByRedis ? nodesOfJob : plant.Nodes),
            RemoteReads = told * nodesOfJob * (1 - (1.0 / plant.Nodes)),
        };
    }

    // Of `things`, each of which meets `each` times one of `places` at random: how many pairs of thing and place there are.
    private static double Hit(double things, int places, double each) =>
        things * Math.Min(each, places * (1 - Math.Pow(1 - (1.0 / places), each)));

    // Whatever comes while a lane commits is its next group. A node has a lane for each database.
    private static double CommitsOf(double appends, Plant plant)
    {
        double lanes = plant.Nodes * plant.Databases;
        var appendsOfLane = appends / lanes;
        return lanes * appendsOfLane / (1 + (appendsOfLane * Coefficients.CommitSeconds));
    }
}
