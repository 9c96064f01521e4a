using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing.Producing;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Some cases at once on one deployment, and the faults between them. Its first seed gives all of it again.</summary>
internal sealed class Round
{
    public const int Cases = 8;

    private readonly Deployment _deployment;
    private readonly List<Side> _sides = [];

    public Round(Deployment deployment, int firstSeed, int cases)
    {
        _deployment = deployment;
        Faults = FaultPlan.Draw(firstSeed);
        for (int seed = firstSeed; seed < firstSeed + cases; seed++)
        {
            // In some cases both tenants have the same jobs, executions and event ids.
            var tenants = new Random(seed).Chance(0.2) ? Deployment.Tenants : [Deployment.Tenants[seed % Deployment.Tenants.Count]];
            foreach (string tenant in tenants)
                _sides.Add(new Side(deployment, tenant, seed, breaksExpected: Faults.Faults.Any()));
        }
    }

    public FaultPlan Faults { get; }

    public async Task<CaseFigures> RunAsync()
    {
        var progress = new Progress(_sides.Sum(side => side.AppendCount));
        var faults = Faults.RunAsync(_deployment, progress);
        var figures = await Task.WhenAll(_sides.Select(side => side.RunAsync(progress.Advance)));
        await faults;
        return figures.Aggregate((one, other) => one + other);
    }
}
