using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>The faults of a round, one after the other.</summary>
internal sealed class FaultPlan
{
    private readonly List<(double At, Fault Fault)> _faults = [];

    public IEnumerable<Fault> Faults => _faults.Select(one => one.Fault);

    /// <summary>
    /// Of five rounds that follow each other one kills the node, one kills the edge and one does anything. In the other two
    /// nothing is done: a stream that breaks then is a fault of the product.
    /// </summary>
    public static FaultPlan Draw(int firstSeed)
    {
        var random = new Random(firstSeed);
        var plan = new FaultPlan();
        switch (firstSeed / Round.Cases % 5)
        {
            case 0: plan.Add(Fault.KillNode, random); break;
            case 2: plan.Add(Fault.KillEdge, random); break;
            case 4: plan.Add(Any(random), random); break;
            default: return plan;
        }
        if (random.Chance(0.5))
            plan.Add(Any(random), random);
        plan._faults.Sort((one, other) => one.At.CompareTo(other.At));
        return plan;
    }

    public async Task RunAsync(Deployment deployment, Progress progress)
    {
        foreach (var (at, fault) in _faults)
        {
            await progress.ReachAsync(at);
            ServerProcess server = fault is Fault.KillNode or Fault.StopNode ? deployment.Node : deployment.Edge;
            if (fault is Fault.KillNode or Fault.KillEdge)
                await server.KillAsync();
            else
                Assert.Equal(0, await server.StopAsync());
            await deployment.StartAsync(server);
        }
    }

    public override string ToString() => _faults.Count == 0
        ? "no faults"
        : string.Join(", ", _faults.Select(one => $"{one.Fault} at {one.At:0.00}"));

    private static Fault Any(Random random) => random.Pick(Enum.GetValues<Fault>());

    private void Add(Fault fault, Random random) => _faults.Add((random.NextDouble() * 0.9, fault));
}
