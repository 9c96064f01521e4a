using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Xunit;

namespace Jobwatch.Faults.Tests;

/// <summary>Every fault once, half a minute each.</summary>
[Collection(nameof(OneSite))]
public sealed class FaultTests(FaultTests.SharedGrounds shared, ITestOutputHelper output) : IClassFixture<FaultTests.SharedGrounds>
{
    public static TheoryData<string> Faults => [.. FaultSettings.Names.Count > 0 ? FaultSettings.Names : FaultKinds.OfEachRun];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_promises_hold(string fault)
    {
        var result = await shared.Grounds.RunAsync(FaultKinds.Make(fault));
        output.WriteLine(FaultTable.Of([result]));
        Assert.True(result.Failure is null, $"Failed with JOBWATCH_SEED={FaultSettings.Seed} JOBWATCH_FAULTS={fault}: {result.Failure}");
    }

    /// <summary>The processes that the tests share.</summary>
    public sealed class SharedGrounds : IAsyncLifetime
    {
        internal Grounds Grounds { get; } = new(new TurnSettings(FaultSettings.Seed, TimeSpan.FromSeconds(30), IsLong: false));

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => Grounds.DisposeAsync();
    }
}
