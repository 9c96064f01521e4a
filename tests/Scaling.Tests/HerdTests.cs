using Jobwatch.Bench.Scaling.Herds;

namespace Jobwatch.Scaling.Tests;

public sealed class HerdTests
{
    private static readonly HerdPlan Plan = new() { Watchers = 20_000, EdgesLeft = 4, ConnectSeconds = 0.001, RetrySeconds = 2 };

    [Theory]
    [InlineData(30)]
    [InlineData(0.5)] // Many leave and come again.
    public void All_that_were_lost_come_back_once(double patience)
    {
        var herd = Herd.Run(Plan with { PatienceSeconds = patience });

        Assert.Equal(Plan.Watchers, herd.BackAt.Count);
        Assert.InRange(herd.Tries, Plan.Watchers, int.MaxValue);
    }

    [Fact]
    public void Those_who_lose_patience_come_again()
    {
        Assert.Equal(Plan.Watchers, Herd.Run(Plan).Tries);
        Assert.InRange(Herd.Run(Plan with { PatienceSeconds = 0.5 }).Tries, Plan.Watchers + 1, int.MaxValue);
    }

    [Fact]
    public void Edges_take_no_more_than_they_can()
    {
        var herd = Herd.Run(Plan);
        var most = Plan.EdgesLeft / Plan.ConnectSeconds;

        for (var from = 0; from + 1000 < herd.BackAt.Count; from += 1000)
        {
            Assert.InRange(999 / (herd.BackAt[from + 1000] - herd.BackAt[from]), 0, most * 1.05);
        }
    }

    [Fact]
    public void Nobody_is_back_before_the_wait_that_it_was_told() =>
        Assert.InRange(Herd.Run(Plan).BackAt[0], Plan.RetrySeconds * (1 - Plan.Jitter), double.MaxValue);

    [Fact]
    public void Jitter_lowers_the_peak()
    {
        var jittered = Herd.Run(Plan);
        var together = Herd.Run(Plan with { Jitter = 0 });

        // Within 2 s instead of at once, counted by tenths of a second.
        Assert.InRange(jittered.PeakPerSecond, 0, together.PeakPerSecond / 10);
    }

    [Fact]
    public void A_seed_gives_the_same_herd_again() => Assert.Equal(Herd.Run(Plan).BackAt, Herd.Run(Plan).BackAt);
}
