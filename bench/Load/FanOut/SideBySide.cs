using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Scenarios;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.FanOut;

/// <summary>Lets servers do the same in turns, each alone on the machine. One that can't be started fails in its own line.</summary>
internal sealed class SideBySide(Stage stage, Plan plan, Report report)
{
    private const int WarmingWatchers = 200;

    /// <param name="row">The row's name.</param>
    /// <param name="servers">Started here if they are not yet.</param>
    /// <param name="time">The length of a turn.</param>
    /// <param name="measure">A turn of a length. The first one doesn't count, of a server that was not there before or has the time for it.</param>
    public async Task<Rounds> RunAsync(
        string row, IEnumerable<FanOutServer> servers, TimeSpan time, Func<FanOutServer, TimeSpan, Task<Measurement>> measure)
    {
        var contenders = new List<Contender>();
        foreach (var server in servers)
        {
            try
            {
                var isNew = await BeginAsync(server);
                if (isNew || !plan.OnlyGoals)
                {
                    await measure(server, plan.Brief / 4);
                }
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException or TimeoutException or InvalidOperationException)
            {
                report.AddFailure($"{row}: {server.Name}", failure);
                continue;
            }

            contenders.Add(new(server.Name, async () =>
            {
                await stage.AloneAsync(server);
                return await measure(server, time);
            }));
        }

        return await Rounds.RunAsync(plan.Rounds, contenders);
    }

    /// <summary>One server without others: it needs no turns, so its watchers stay for all rounds.</summary>
    /// <param name="server">Started here if it is not yet.</param>
    /// <param name="measure">As many rounds.</param>
    public async Task<Rounds> RunAloneAsync(FanOutServer server, Func<int, Task<IReadOnlyList<Measurement>>> measure)
    {
        await BeginAsync(server);
        return Rounds.Of(server.Name, await measure(plan.Rounds));
    }

    // Whether it was not there before.
    private async Task<bool> BeginAsync(FanOutServer server)
    {
        var isNew = await stage.AloneAsync(server);
        report.AddPeer(server.Name, server.Lacks);
        if (isNew && server.CompilesAsItRuns)
        {
            // Many events make hot code, which slow ones would take minutes for.
            await Flood.RunAsync(server, WarmingWatchers, plan.WarmUp / 2);
        }

        return isNew;
    }
}
