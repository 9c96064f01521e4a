using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Running;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;

namespace Jobwatch.Cli.Spooling;

/// <summary>Sends the spools that no live run holds, and ends the executions whose run was killed.</summary>
internal sealed class Flushing(string? serverOption, TimeProvider time)
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(10);

    private readonly HashSet<Uri> _away = [];

    /// <returns>0 if nothing is left, else the last failure's exit code.</returns>
    internal async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var paths = SpoolFolder.List(folder);
        var result = ExitCode.Ok;
        foreach (var path in paths)
        {
            using var spool = Spool.TryOpen(path);
            if (spool is null)
                Say.Line($"{path} is in use by a run (or holds none); left alone.");
            else
                result = await FlushAsync(spool, cancellationToken) is var code and not ExitCode.Ok ? code : result;
        }

        if (paths.Count == 0)
            Say.Line($"Nothing to send in {folder}.");
        return result;
    }

    private async Task<int> FlushAsync(Spool spool, CancellationToken cancellationToken)
    {
        if (!spool.HasEnd)
            spool.Append([new RunEvents(spool.Header.ExecutionId, time).Lost()]);

        var (name, server) = ($"{spool.Header.JobId}/{spool.Header.ExecutionId}", ServerOf(spool.Header));
        if (_away.Contains(server.Grpc))
        {
            Say.Line($"{name}: {spool.Pending} events stay in {spool.Path}.");
            return ExitCode.ServerUnavailable;
        }

        try
        {
            await using var client = Connection.Open(server, new Outages(_ => { }), RetryFor);
            var sent = await new SpoolSender(spool, client, time).SendPendingAsync(cancellationToken);
            spool.Delete();
            Say.Line($"{name}: {sent} events sent.");
            return ExitCode.Ok;
        }
        catch (RpcException refused) when (Recording.IsFinal(refused))
        {
            // It would be refused the same way for ever.
            spool.Delete();
            Say.Line($"{name}: {Refusals.Explain(refused, server).Message} What was left of it is dropped.");
            return ExitCode.Refused;
        }
        catch (RpcException failed)
        {
            var told = Refusals.Explain(failed, server);
            Say.Line($"{name}: {told.Message} {spool.Pending} events stay in {spool.Path}.");
            if (told.ExitCode == ExitCode.ServerUnavailable)
                _away.Add(server.Grpc);
            return told.ExitCode;
        }
    }

    private ServerAddress ServerOf(SpoolHeader header)
    {
        var found = serverOption is null
            ? ServerFinder.Here.Find(header.Server, "the spool")
            : ServerFinder.Here.Find(serverOption);
        return found.Token is null && serverOption is null && File.Exists(header.TokenFile)
            ? found with { Token = ServerFile.ReadToken(header.TokenFile), TokenFile = header.TokenFile }
            : found;
    }
}
