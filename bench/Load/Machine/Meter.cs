using System.Diagnostics;
using Jobwatch.Bench.Figures;

namespace Jobwatch.Bench.Machine;

/// <summary>Measures work: its wall clock, and the CPU of the servers that it was done by and of the load that asked for it.</summary>
/// <param name="servers">The servers' processes. Without any the server is in this process, and its CPU is the load's.</param>
internal sealed class Meter(params int[] servers)
{
    public async Task<Measurement> RunAsync(Func<Task<long>> work)
    {
        var (server, client, machine, clock) = (Servers(), ProcessCpu.OfSelf(), ProcessCpu.OfMachine(), Stopwatch.StartNew());
        var count = await work();
        var elapsed = clock.Elapsed;
        (server, client, machine) = (Servers() - server, ProcessCpu.OfSelf() - client, ProcessCpu.OfMachine() - machine);
        return new Measurement(count, elapsed, server, client, Math.Max(0, (machine - server - client) / elapsed));
    }

    private TimeSpan Servers() => TimeSpan.FromTicks(servers.Sum(server => ProcessCpu.OfTree(server).Ticks));
}
