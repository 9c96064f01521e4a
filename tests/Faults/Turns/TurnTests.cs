using Jobwatch.Faults.Tests.Network;
using Jobwatch.Faults.Tests.Sites;
using Xunit;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>A turn fails where nothing broke, and where there was too little to break.</summary>
[Collection(nameof(OneSite))]
public sealed class TurnTests
{
    private static readonly TurnSettings Settings = new(Seed: 1, Whole: TimeSpan.FromSeconds(5), IsLong: false);

    [Fact]
    public async Task A_fault_that_does_not_happen_fails()
    {
        // Nobody sends a hint that could come again.
        await using var site = await Site.StartAsync(new SitePlan { NodeSettings = [("Hints__Transport", "None")] });
        var result = await new Turn(site, new DisorderedHints(), run: 0, Settings).RunAsync();
        Assert.Contains("The fault did not happen", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_little_load_fails()
    {
        await using var site = await Site.StartAsync();
        var result = await new Turn(site, new NothingBroken(leastLoad: 2), run: 0, Settings).RunAsync();
        Assert.Contains("The load was too low", result.Failure, StringComparison.Ordinal);
        Assert.Equal((0, 0), (result.Account.Lost, result.Account.Repeated));
    }

    // Producers keep a pace: twice their load isn't there on the fastest machine either.
    private sealed class NothingBroken(double leastLoad) : Fault
    {
        public override string Name => "nothing-broken";

        public override double LeastLoad => leastLoad;

        public override Task RunAsync(Scene scene) => Task.CompletedTask;
    }
}
