using System.Globalization;
using Jobwatch.Bench.Machine;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Peers;

/// <summary>One of the servers of <c>bench/PeerServers</c> in a process of its own, on a free port.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _mode;

    private PeerServer(string mode, int watchers)
    {
        _mode = mode;
        _process = ChildProcess.Start(ChildCommand.Dotnet(
            RepositoryFiles.Dll("bench/PeerServers", "Jobwatch.Bench.PeerServers"),
            mode, Address.ToString(), watchers.ToString(CultureInfo.InvariantCulture)));
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>Measures work that it does.</summary>
    public Meter Meter => new((_mode, _process.Id));

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<PeerServer> StartAsync(string mode, int watchers)
    {
        var server = new PeerServer(mode, watchers);
        await server._process.WaitForLineAsync("ready");
        return server;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
