using System.Diagnostics;
using Jobwatch.Bench.Figures;

namespace Jobwatch.Bench.Machine;

/// <summary>Measures work: its wall clock, and the CPU of the servers that it was done by and of the load that asked for it.</summary>
/// <param name="servers">The servers' processes by name. One that is in this process counts as load.</param>
internal sealed class Meter(params (string Name, int ProcessId)[] servers)
{
    /// <summary>The servers' processes; what they started is measured with them.</summary>
    public IEnumerable<int> ProcessIds => servers.Select(server => server.ProcessId);

    /// <summary>Measures one more server.</summary>
    public Meter With(string name, int processId) => new([.. servers, (name, processId)]);

    public async Task<Measurement> RunAsync(Func<Task<long>> work)
    {
        var (before, client, machine, clock) = (Servers(), ProcessCpu.OfSelf(), ProcessCpu.OfMachine(), Stopwatch.StartNew());
        var count = await work();
        var elapsed = clock.Elapsed;
        var spent = Servers().Zip(before, (after, start) => after - start).ToArray();
        (client, machine) = (ProcessCpu.OfSelf() - client, ProcessCpu.OfMachine() - machine);
        var known = client + TimeSpan.FromTicks(spent.Sum(cpu => cpu.Ticks));
        return new Measurement(
            count,
            elapsed,
            servers.Zip(spent).ToDictionary(server => server.First.Name, server => server.Second),
            client,
            Math.Max(0, (machine - known) / elapsed));
    }

    private TimeSpan[] Servers() => [.. servers.Select(server => ProcessCpu.OfTree(server.ProcessId))];
}
