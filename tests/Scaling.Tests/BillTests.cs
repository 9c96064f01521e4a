using Jobwatch.Bench.Scaling.Capacity;

namespace Jobwatch.Scaling.Tests;

public sealed class BillTests
{
    public static TheoryData<string> Growths => ["watchers", "jobs", "events"];

    [Fact]
    public void Nothing_is_fuller_than_it_may_be()
    {
        var bill = Bill.For(new Load { Watchers = 1_000_000, Jobs = 50_000, EventsPerSecond = 20_000 }, new Limits())!;

        Assert.All(bill.Resources, resource => Assert.InRange(resource.UsedOf(bill.Plant.CountOf(resource.Kind)), 0, resource.Fill));
    }

    [Fact]
    public void One_process_less_would_be_too_few()
    {
        var load = new Load { Watchers = 1_000_000, Jobs = 50_000, EventsPerSecond = 20_000 };
        var bill = Bill.For(load, new Limits())!;

        foreach (var kind in new[] { Kind.Edge, Kind.Node })
        {
            var fewer = bill.Plant.With(kind, bill.Plant.CountOf(kind) - 1);
            var usage = Usage.Of(load, fewer, new Limits(), Flows.Of(load, fewer, new Limits()));
            Assert.Contains(usage, resource => resource.UsedOf(fewer.CountOf(resource.Kind)) > resource.Fill);
        }
    }

    [Theory]
    [MemberData(nameof(Growths))]
    public void More_load_never_takes_fewer_processes(string what)
    {
        Load Times(double factor)
        {
            var load = new Load { Watchers = 200_000, Jobs = 20_000, EventsPerSecond = 5_000 };
            return what switch
            {
                "watchers" => load with { Watchers = load.Watchers * factor },
                // Each job with watchers and events of its own.
                "jobs" => load with { Watchers = load.Watchers * factor, Jobs = load.Jobs * factor, EventsPerSecond = load.EventsPerSecond * factor },
                _ => load with { EventsPerSecond = load.EventsPerSecond * factor },
            };
        }

        var plants = new[] { 0.1, 0.3, 1, 2, 4 }.Select(factor => Bill.For(Times(factor), new Limits { HintsByRedis = true })!.Plant).ToList();

        foreach (var (less, more) in plants.Zip(plants.Skip(1)))
        {
            Assert.All(Enum.GetValues<Kind>(), kind => Assert.True(less.CountOf(kind) <= more.CountOf(kind), $"{kind}: {less}, then {more}"));
        }
    }

    [Fact]
    public void A_small_load_takes_two_of_what_may_die() =>
        Assert.Equal(new Plant(2, 2, 1, 0), Bill.For(new Load { Watchers = 100, Jobs = 10, EventsPerSecond = 10 }, new Limits())!.Plant);

    [Fact]
    public void More_nodes_do_not_help_where_all_are_told_of_everything()
    {
        var load = new Load { Watchers = 50_000_000, Jobs = 10_000_000, EventsPerSecond = 3_000_000 };

        Assert.Null(Bill.For(load, new Limits()));
        Assert.NotNull(Bill.For(load.Share(100), new Limits()));
    }

    [Fact]
    public void Hints_by_PostgreSQL_cost_it_the_square_of_the_nodes()
    {
        var load = new Load { EventsPerSecond = 1_000_000 };
        double OfHints(int nodes)
        {
            var plant = new Plant(10, nodes, 1, 1);
            double Cpu(Limits limits) => Usage.Of(load, plant, limits, Flows.Of(load, plant, limits))
                .Single(resource => resource is { Kind: Kind.Database, Name: "CPU" }).Used;
            return Cpu(new Limits()) - Cpu(new Limits { HintsByRedis = true });
        }

        Assert.InRange(OfHints(1000) / OfHints(100), 50, 100);
    }

    // CPU in seconds per million events. No coefficient was taken from the first row; in the others it is by how commits are shared that the model errs.
    [Theory]
    [InlineData(1, 8_612, 78.5, 72.5)] // W4, 16 clients
    [InlineData(1, 21_708, 37, 24)] // W4m
    [InlineData(100, 60_564, 4.1, 13.1)] // W4, batches of 100
    public void An_append_costs_about_what_was_measured(double batch, double events, double node, double store)
    {
        var load = new Load { Watchers = 1e-9, Jobs = 1, EventsPerSecond = events, EventsPerAppend = batch };
        var plant = new Plant(1, 1, 1, 0);
        var limits = new Limits();
        var usage = Usage.Of(load, plant, limits, Flows.Of(load, plant, limits));
        double PerMillion(Kind kind) => usage.Single(resource => resource.Kind == kind && resource.Name == "CPU").Used / events * 1e6;

        Assert.InRange(PerMillion(Kind.Node), node / 2, node * 2);
        Assert.InRange(PerMillion(Kind.Database), store / 2, store * 2);
    }
}
