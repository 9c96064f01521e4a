using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Testing;
using Jobwatch.Testing.Memory;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>Looks at the memory of nodes and edges each second.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Site _site;
    private readonly Task _watching;

    public MemoryWatch(Site site)
    {
        _site = site;
        _watching = Task.Run(RunAsync);
    }

    /// <summary>The most that a node had resident, in megabytes.</summary>
    public double Node { get; private set; }

    /// <summary>The most that an edge had.</summary>
    public double Edge { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            Node = Math.Max(Node, _site.Nodes.Max(Resident));
            Edge = Math.Max(Edge, _site.Edges.Max(Resident));
        }
    }

    private static double Resident(ServerProcess server)
    {
        try
        {
            return ProcessMemory.Of(server).Resident;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // Killed a moment ago.
            return 0;
        }
    }
}
