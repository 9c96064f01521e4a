using static Jobwatch.Bench.Scaling.Capacity.Coefficients;

namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>What a load uses of a plant.</summary>
internal static class Usage
{
    private const double Micro = 1e-6;
    private const double KibInGib = 1 << 20;

    public static IReadOnlyList<Resource> Of(Load load, Plant plant, Limits limits, Flows flows)
    {
        var fill = limits.Utilization;
        List<Resource> resources =
        [
            new(Kind.Edge, "CPU", EdgeCpu(load, flows), limits.Cores - IdleCores, fill),
            new(Kind.Edge, "memory", EdgeMemory(load, flows), limits.Memory - (EdgeIdleMib / 1024), fill),
            new(Kind.Edge, "watchers", load.Watchers, limits.WatchersPerEdge, 1),
            new(Kind.Edge, "network", load.Deliveries * FrameBytes, limits.Network, fill),
            new(Kind.Node, "CPU", NodeCpu(load, flows), limits.Cores - IdleCores, fill),
            new(Kind.Node, "memory", NodeMemory(load, flows), limits.Memory - (NodeIdleMib / 1024), fill),
            new(Kind.Node, "streams", flows.Streams, limits.StreamsPerNode, 1),
            new(Kind.Database, "CPU", DatabaseCpu(load, plant, limits, flows), limits.DatabaseCores, fill),
        ];
        if (limits.HintsByRedis)
        {
            resources.Add(new(Kind.Redis, "CPU (one core)", (flows.HintsSent + flows.HintsReceived) * RedisMessage * Micro, 1, fill));
        }

        return resources;
    }

    private static double EdgeCpu(Load load, Flows flows) => Micro * (
        (load.Deliveries * ((EdgeSend / load.EventsPerSend) + EdgeFrame))
        + ((flows.StreamEvents + flows.StreamHeartbeats) * EdgeStreamEvent)
        + (flows.Heartbeats * EdgeSend));

    private static double EdgeMemory(Load load, Flows flows) =>
        ((load.Watchers * (EdgeWatcherKib + SocketKib)) + (flows.Streams * EdgeFeedKib)) / KibInGib;

    private static double NodeCpu(Load load, Flows flows) => Micro * (
        (flows.Commits * NodeCommit) + (load.AppendsPerSecond * NodeAppend) + (load.EventsPerSecond * NodeEvent)
        + ((flows.StreamEvents + flows.StreamHeartbeats) * NodeStreamEvent)
        + (flows.HintsReceived * NodeHint) + (flows.RemoteReads * NodeRead));

    private static double NodeMemory(Load load, Flows flows) =>
        ((flows.Streams * NodeStreamKib) + (load.Jobs * flows.NodesOfJob * RingKib)) / KibInGib;

    private static double DatabaseCpu(Load load, Plant plant, Limits limits, Flows flows) => Micro * (
        (flows.Commits * StoreCommit) + (load.AppendsPerSecond * StoreAppend) + (load.EventsPerSecond * StoreEvent)
        + (flows.RemoteReads * StoreRead)
        + (load.Jobs * flows.NodesOfJob * SweepsPerSecond * StoreSweptLog)
        + (limits.HintsByRedis ? 0 : flows.HintsSent * (StoreNotify + (plant.Nodes * StoreNotified))));
}
