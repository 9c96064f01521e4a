using Jobwatch.Faults.Tests.Turns;
using Xunit;

namespace Jobwatch.Faults.Tests;

/// <summary>All faults in random order, again and again; for <c>tests/soak.sh</c>, which asks for it by name.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(45);

    [Fact(Explicit = true)]
    public async Task The_promises_hold_for_as_long_as_asked()
    {
        var random = new Random(FaultSettings.Seed);
        await using var grounds = new Grounds(new TurnSettings(FaultSettings.Seed, Turn, IsLong: true));
        long begin = TimeProvider.System.GetTimestamp();
        var left = new Queue<string>();
        while (TimeProvider.System.GetElapsedTime(begin) < FaultSettings.SoakFor)
        {
            // Each of them once before any comes again.
            if (left.Count == 0)
                left = new Queue<string>(Shuffled(random));
            var result = await grounds.RunAsync(FaultKinds.Make(left.Dequeue()));
            output.WriteLine($"{TimeProvider.System.GetElapsedTime(begin).TotalMinutes:0.0} min: {FaultTable.LineOf([result], FaultSettings.Seed)}: {result.Fault}");
            if (result.Failure is not null)
                output.WriteLine(result.Failure);
            await ReportAsync(grounds.Results);
        }
        var failed = grounds.Results.Where(result => result.Failure is not null).ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed.Select(result => $"{result.Fault}: {result.Failure}")));
    }

    private static string[] Shuffled(Random random)
    {
        string[] names = [.. FaultSettings.Names.Count > 0 ? FaultSettings.Names : FaultKinds.OfASoak];
        random.Shuffle(names);
        return names;
    }

    // After each turn: a soak that is broken off has its results so far.
    private static async Task ReportAsync(IReadOnlyList<TurnResult> results)
    {
        if (FaultSettings.Report is { } path)
            await File.WriteAllTextAsync(path, $"{FaultTable.Of(results)}\n{FaultTable.LineOf(results, FaultSettings.Seed)}\n");
    }
}
