using System.Diagnostics;
using System.Globalization;
using Jobwatch.Bench.Endurance;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Plots;
using Jobwatch.Bench.Scenarios;
using Jobwatch.Bench.Servers;
using Jobwatch.Testing;

Scenario[] scenarios =
[
    // Appends first, on a store that holds little.
    new AppendScenario(),
    new ManyJobsScenario(),
    new ManyTopicsScenario(),
    new LatencyScenario(),
    new PacedFanOutScenario(),
    new FanOutScenario(),
    new GrpcFanOutScenario(),
    new ReplayScenario(),
    new GrowthScenario(),
    new ResumeScenario(),
    new QueriesScenario(),
    new MemoryScenario(),
    new StartScenario(),
    new PairsScenario(),
    new JournalScenario(),
];
if (args is ["flood", ..])
{
    var minutes = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10;
    return await new MemoryFlood(TimeSpan.FromMinutes(minutes)).RunAsync();
}

if (args is ["plots", ..])
{
    var root = RepositoryFiles.Root;
    var result = await Result.ReadAsync(args.Length > 1 ? args[1] : Path.Combine(root, "bench/results/full.json"));
    await new Gallery(result).WriteAsync(Path.Combine(root, "docs/benchmarks"));
    return 0;
}

var asked = args.Where(arg => arg != "quick").ToArray();
var quick = asked.Length != args.Length;
if (asked.Except(scenarios.Select(scenario => scenario.Name)).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"No scenario {string.Join(", ", unknown)}. There are: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}");
    return 2;
}

var machine = MachineNote.Take();
Console.WriteLine(machine);
var report = new Report(machine, quick ? "quick" : "full", TimeProvider.System.GetUtcNow());
await using (var stage = new Stage())
{
    foreach (var scenario in scenarios.Where(scenario => asked.Length == 0 ? scenario.IsDefault(quick) : asked.Contains(scenario.Name)))
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await stage.TidyAsync();
            await scenario.RunAsync(quick ? Plan.Quick : Plan.Full, stage, report);
        }
        catch (Exception failure)
        {
            report.AddFailure(scenario.Name, failure);
        }

        Console.Error.WriteLine($"{scenario.Name} took {clock.Elapsed.TotalSeconds:0.0} s");
    }
}

await report.WriteAsync(Path.Combine(RepositoryFiles.Root, "bench/results"), string.Join('-', asked.Prepend(quick ? "quick" : "full")));
return report.AllMet ? 0 : 1;
