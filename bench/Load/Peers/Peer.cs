using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Machine;

namespace Jobwatch.Bench.Peers;

/// <summary>What a user would take instead of Jobwatch, in one process tree.</summary>
internal abstract class Peer(string name) : FanOutServer(name)
{
    private PeerProgram? _program;

    public override Meter Meter => Program.Meter(Name);

    protected Uri Address => Program.Address;

    private PeerProgram Program => _program ?? throw new InvalidOperationException("Not started.");

    public sealed override async Task StartAsync()
    {
        _program = await LaunchAsync();
        await PrepareAsync();
    }

    public sealed override async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }
    }

    /// <summary>Starts the process.</summary>
    protected abstract Task<PeerProgram> LaunchAsync();

    /// <summary>Makes what topics need, once.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;
}
