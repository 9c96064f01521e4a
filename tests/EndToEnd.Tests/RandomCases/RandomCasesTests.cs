using System.Diagnostics;
using Jobwatch.EndToEnd.Tests.Deployments;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

public sealed class RandomCasesTests(ITestOutputHelper output)
{
    // Small enough that watchers fall behind it, often enough that a filter that selects nothing doesn't hold a case up.
    private static readonly (string Name, string Value)[] Settings =
    [
        ("Live__RingEvents", "32"),
        ("Live__SweepInterval", "00:00:00.500"),
        ("Watching__HeartbeatInterval", "00:00:00.200"),
        ("Edge__RetryInterval", "00:00:00.100"),
    ];

    [Fact]
    public async Task Every_watcher_sees_exactly_its_slice_of_the_log()
    {
        await using var deployment = await Deployment.StartAsync(settings: Settings);
        var clock = Stopwatch.StartNew();
        var total = default(CaseFigures);
        var faults = new List<Fault>();
        int end = CaseSettings.FirstSeed + CaseSettings.Cases;
        for (int seed = CaseSettings.FirstSeed; seed < end; seed += Round.Cases)
        {
            var round = new Round(deployment, seed, Math.Min(Round.Cases, end - seed));
            try
            {
                total += await round.RunAsync();
            }
            catch (Exception failure)
            {
                string again = $"JOBWATCH_SEED={seed} JOBWATCH_CASES={Math.Min(Round.Cases, end - seed)}";
                throw new InvalidOperationException(
                    $"Failed with {again} ({round.Faults}): {failure.Message}\n{deployment.Complaints}", failure);
            }
            faults.AddRange(round.Faults.Faults);
        }
        // Whatever happened to it, the product took it for something that happens.
        string errors = deployment.Errors;
        Assert.True(errors.Length == 0, errors);
        string done = string.Join(", ", faults.CountBy(fault => fault).OrderBy(fault => fault.Key).Select(fault => $"{fault.Value} {fault.Key}"));
        output.WriteLine($"{CaseSettings.Cases} cases from seed {CaseSettings.FirstSeed}, {clock.Elapsed.TotalSeconds:0} s, {done}: {total}");
    }
}
