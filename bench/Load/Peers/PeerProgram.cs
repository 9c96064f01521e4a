using System.Net.Sockets;
using Jobwatch.Bench.Machine;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Peers;

/// <summary>A peer's server: a process of its own on a free port of the loopback address, with a folder that ends with it.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private const string SystemFolders = ":/usr/sbin:/usr/local/sbin";

    private readonly ChildProcess _process;
    private readonly string _folder;

    private PeerProgram(ChildProcess process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    /// <summary>Makes a meter that knows it by a name.</summary>
    public Meter Meter(string name) => new((name, _process.Id));

    /// <summary>Starts an installed program; a program that is not there is an error that says how to get it.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments, given its folder and its port.</param>
    public static Task<PeerProgram> StartAsync(string program, Func<string, int, IReadOnlyList<string>> arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") + SystemFolders).Split(':').Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{program} is not installed: bench/install-peers.sh does that.");
        return StartAsync((folder, port) => new ChildCommand(path, arguments(folder, port)));
    }

    /// <summary>Starts one of the programs that are built with this one.</summary>
    public static Task<PeerProgram> StartOwnAsync(string mode) => StartAsync((_, port) =>
        ChildCommand.Dotnet(RepositoryFiles.Dll("bench/PeerServers", "Jobwatch.Bench.PeerServers"), mode, $"http://127.0.0.1:{port}"));

    public async ValueTask DisposeAsync()
    {
        // Not SIGKILL: nginx's workers would outlive it.
        _process.Signal(UnixSignal.SigTerm);
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PeerProgram> StartAsync(Func<string, int, ChildCommand> command)
    {
        var folder = Directory.CreateTempSubdirectory("jobwatch-peer-").FullName;
        var port = Ports.Free();
        var program = new PeerProgram(ChildProcess.Start(command(folder, port) with { LastSignal = UnixSignal.SigTerm }), folder, port);
        await program._process.WaitUntilAsync(_ => program.TakesConnectionsAsync(), "listening");
        return program;
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Address.Host, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
