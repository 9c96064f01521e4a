using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.EndToEnd.Tests.Producing;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>The faults of a round, one after the other.</summary>
internal sealed class FaultPlan
{
    private readonly List<(double At, Fault Fault)> _faults = [];

    public int Count => _faults.Count;

    /// <summary>In most rounds none: a stream that breaks then is a fault of the product.</summary>
    public static FaultPlan Draw(Random random)
    {
        var plan = new FaultPlan();
        if (random.Chance(0.6))
            return plan;
        int count = random.Next(1, 3);
        for (int i = 0; i < count; i++)
            plan._faults.Add((random.NextDouble() * 0.9, random.Pick(Enum.GetValues<Fault>())));
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
}
