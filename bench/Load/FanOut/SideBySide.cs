using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.FanOut;

/// <summary>Lets servers do the same in turns, each alone on the machine. One that can't be started fails in its own line.</summary>
internal sealed class SideBySide(Stage stage, Report report, string row)
{
    /// <param name="rounds">Turns of each.</param>
    /// <param name="servers">Started here if they are not yet.</param>
    /// <param name="warmUp">A turn that does not count, before all others.</param>
    /// <param name="measure">A turn.</param>
    public async Task<Rounds> RunAsync(
        int rounds, IEnumerable<FanOutServer> servers, Func<FanOutServer, Task> warmUp, Func<FanOutServer, Task<Measurement>> measure)
    {
        var contenders = new List<Contender>();
        foreach (var server in servers)
        {
            try
            {
                await stage.AloneAsync(server);
                await warmUp(server);
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or InvalidOperationException)
            {
                report.AddFailure($"{row}: {server.Name}", failure);
                continue;
            }

            report.AddPeer(server.Name, server.Lacks);
            contenders.Add(new(server.Name, async () =>
            {
                await stage.AloneAsync(server);
                return await measure(server);
            }));
        }

        return await Rounds.RunAsync(rounds, contenders);
    }
}
