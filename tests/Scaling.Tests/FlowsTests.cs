using Jobwatch.Bench.Scaling.Capacity;

namespace Jobwatch.Scaling.Tests;

public sealed class FlowsTests
{
    private static readonly Load Load = new() { Watchers = 100_000, Jobs = 1_000, EventsPerSecond = 1_000 };

    [Fact]
    public void One_edge_has_a_stream_for_each_job_however_many_watch_it()
    {
        var flows = Flows.Of(Load, new Plant(1, 1, 1, 0), new Limits());

        Assert.Equal(Load.Jobs, flows.Streams, tolerance: 1e-6);
        Assert.Equal(Load.EventsPerSecond, flows.StreamEvents, tolerance: 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void No_edge_has_more_streams_than_jobs_or_watchers(int edges)
    {
        var sparse = Load with { Jobs = 90_000 };

        var streams = Flows.Of(sparse, new Plant(edges, 1, 1, 0), new Limits()).Streams;

        Assert.InRange(streams, 1, Math.Min(sparse.Watchers, sparse.Jobs * edges) + 1e-3);
    }

    [Fact]
    public void A_single_node_reads_nothing_for_others() =>
        Assert.Equal(0, Flows.Of(Load, new Plant(2, 1, 1, 0), new Limits()).RemoteReads);

    [Fact]
    public void Redis_tells_a_node_of_its_own_jobs_only()
    {
        var sparse = Load with { Watchers = 1_000, Jobs = 1_000 };
        var plant = new Plant(2, 20, 1, 1);

        var byPostgres = Flows.Of(sparse, plant, new Limits());
        var byRedis = Flows.Of(sparse, plant, new Limits { HintsByRedis = true });

        Assert.Equal(byPostgres.HintsSent * 20, byPostgres.HintsReceived, tolerance: 1e-6);
        Assert.InRange(byRedis.HintsReceived, byRedis.HintsSent * 0.9, byRedis.HintsSent * 2);
    }

    [Fact]
    public void Routed_by_job_an_edge_shares_all_that_can_be_shared() =>
        Assert.Equal(Load.Jobs, Flows.Of(Load, new Plant(50, 10, 1, 0), new Limits { RoutedByJob = true }).Streams);
}
