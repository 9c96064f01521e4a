using System.Diagnostics;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Scenarios;

/// <summary>How long a node and an edge that are started together take until both say that they are ready.</summary>
internal sealed class StartScenario() : Scenario("start", isDefault: true)
{
    // Each look before a server listens ends with an exception, which costs what the servers need.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "start of node and edge";
        List<double> first = [], later = [];
        for (var round = 0; round < plan.SlowRounds; round++)
        {
            var database = await stage.DatabaseAsync();
            first.Add(await StartAsync(database));
            later.Add(await StartAsync(database));
        }

        report.Add(
            new Figure($"{Row}: on an empty database", "s", first, Goal.AtMost(3)),
            new Figure($"{Row}: on a database that is there", "s", later, Goal.AtMost(3)));
    }

    private static async Task<double> StartAsync(string database)
    {
        await using var node = new NodeProcess(database);
        await using var edge = new EdgeProcess(node.Address);
        using var http = new HttpClient();
        var clock = Stopwatch.StartNew();
        node.Launch();
        edge.Launch();
        await Task.WhenAll(
            ReadyAsync(http, node, new Uri(node.MonitoringAddress, "/readyz")), ReadyAsync(http, edge, new Uri(edge.Address, "/readyz")));
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task ReadyAsync(HttpClient http, ServerProcess server, Uri address)
    {
        using var enough = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(enough.Token))
        {
            if (server.Child.HasExited)
            {
                throw new InvalidOperationException(server.Child.Describe("ended at its start"));
            }

            try
            {
                using var answer = await http.GetAsync(address, enough.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }
}
