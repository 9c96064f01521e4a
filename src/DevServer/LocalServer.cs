using Jobwatch.DevServer.Postgres;
using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer;

/// <summary>PostgreSQL, a node and an edge, started in this order and stopped in the other.</summary>
internal sealed class LocalServer(ServerArguments arguments, Terminal terminal, TimeProvider time) : IDisposable
{
    private const string ConnectionVariable = "ConnectionStrings__Jobwatch";

    private readonly DataFolder _folder = new(arguments.Data);
    private readonly HttpClient _http = new();
    private readonly Stack<SupervisedChild> _started = new();

    /// <summary>Runs until asked to stop.</summary>
    /// <exception cref="ServerFailure">It could not start.</exception>
    public async Task RunAsync(StopRequests stop)
    {
        using var hold = FolderLock.Take(_folder);
        await Leftovers.EndAsync("edge", Pid("edge"), terminal, time);
        await Leftovers.EndAsync("node", Pid("node"), terminal, time);
        LoopbackPort.Require("--http-port", arguments.HttpPort);
        LoopbackPort.Require("--grpc-port", arguments.GrpcPort);
        Tokens.Prepare(_folder);
        var addresses = new ServerFile(
            $"http://127.0.0.1:{arguments.HttpPort}", $"http://127.0.0.1:{arguments.GrpcPort}", _folder.TokenFile, Environment.ProcessId);
        try
        {
            await StartAllAsync(addresses, stop.Clean);
            addresses.Write(_folder, terminal);
            terminal.Say(Greeting.Text(addresses, _folder));
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Clean);
        }
        catch (OperationCanceledException) when (stop.Clean.IsCancellationRequested)
        {
            terminal.Say("Stopping; once more to force it.");
        }
        finally
        {
            addresses.Remove(_folder);
            await StopAllAsync(stop.Forced);
        }
        terminal.Say("Stopped.");
    }

    public void Dispose() => _http.Dispose();

    private async Task StartAllAsync(ServerFile addresses, CancellationToken cancellationToken)
    {
        string connectionString = Environment.GetEnvironmentVariable(ConnectionVariable) is { Length: > 0 } given
            ? given
            : await StartPostgresAsync(cancellationToken);
        var node = new NodePlan(arguments.NodeDll, addresses, _folder, connectionString, _http);
        await StartAsync(node.Plan, cancellationToken);
        terminal.Say($"Node ready on {addresses.GrpcAddress}");
        await StartAsync(new EdgePlan(arguments.EdgeDll, addresses, _http).Plan, cancellationToken);
        terminal.Say($"Edge ready on {addresses.HttpAddress}");
    }

    private async Task<string> StartPostgresAsync(CancellationToken cancellationToken)
    {
        var postgres = await EmbeddedPostgres.PrepareAsync(_folder, terminal, cancellationToken);
        await StartAsync(postgres.Plan, cancellationToken);
        await postgres.EnsureDatabaseAsync(cancellationToken);
        terminal.Say($"{postgres.Description} ready");
        return postgres.ConnectionString;
    }

    private async Task StartAsync(ChildPlan plan, CancellationToken cancellationToken)
    {
        var child = new SupervisedChild(plan, Pid(plan.Name), new LogFile(_folder.LogFile(plan.Name)), terminal, time);
        _started.Push(child);
        await child.StartAsync(cancellationToken);
    }

    private async Task StopAllAsync(CancellationToken forced)
    {
        while (_started.TryPop(out var child))
        {
            await child.StopAsync(forced);
            child.Dispose();
        }
    }

    private PidFile Pid(string name) => new(_folder.PidFile(name));
}
