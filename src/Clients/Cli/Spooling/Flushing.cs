using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Running;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Client;

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
            try
            {
                result = await FlushAsync(path, cancellationToken) is var code and not ExitCode.Ok ? code : result;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Say.Line($"Stopped: what isn't sent yet stays in {folder} for another flush.");
                return ExitCode.TryLater;
            }
            catch (CliException known)
            {
                Say.Line($"{path} is left alone: {known.Message}");
                result = known.ExitCode;
            }
            catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or InvalidDataException or StreamOrderException)
            {
                Say.Line($"{path} is left alone: {bad.Message}");
                result = ExitCode.Unexpected;
            }
        }

        if (paths.Count == 0)
            Say.Line($"Nothing to send in {folder}.");
        return result;
    }

    private async Task<int> FlushAsync(string path, CancellationToken cancellationToken)
    {
        using var spool = Spool.TryOpen(path);
        if (spool is null)
        {
            Say.Line($"{path} is in use by a run (or holds none); left alone.");
            return ExitCode.Ok;
        }

        var (name, server) = ($"{spool.Header.JobId}/{spool.Header.ExecutionId}", ServerOf(spool.Header));
        if (_away.Contains(server.Grpc))
        {
            Say.Line($"{name}: {Left(spool)}");
            return ExitCode.ServerUnavailable;
        }

        try
        {
            var sent = await SendAsync(spool, server, cancellationToken);
            spool.Delete();
            Say.Line($"{name}: {sent} events sent.");
            return ExitCode.Ok;
        }
        catch (RpcException foreign) when (StatusDetails.Of(foreign).Reason == "EXECUTION_NOT_STARTED")
        {
            Say.Line($"{name}: {Refusals.Explain(foreign, server).Message} {Left(spool)} Its start was recorded at another server or with another token: "
                + "flush it there, with --server or JOBWATCH_TOKEN. If the job was deleted, remove the file.");
            return ExitCode.Refused;
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
            Say.Line($"{name}: {told.Message} {Left(spool)}");
            if (told.ExitCode == ExitCode.ServerUnavailable)
                _away.Add(server.Grpc);
            return told.ExitCode;
        }
    }

    private async Task<long> SendAsync(Spool spool, ServerAddress server, CancellationToken cancellationToken)
    {
        await using var client = Connection.Open(server, new Outages(_ => { }), RetryFor);
        var sent = await new SpoolSender(spool, client, time).SendPendingAsync(cancellationToken);
        if (spool.HasEnd)
            return sent;
        try
        {
            // Not by way of the spool: its disk may be full.
            await client.AppendAsync(spool.Header.JobId, [new RunEvents(spool.Header.ExecutionId, time).Lost()], cancellationToken);
            return sent + 1;
        }
        catch (RpcException ended) when (StatusDetails.Of(ended).Reason == "EXECUTION_ENDED")
        {
            // The run, or a flush, had sent the end, and was killed before it could remove the file.
            return sent;
        }
    }

    private ServerAddress ServerOf(SpoolHeader header)
    {
        // Whoever names the server means what is at hand for it.
        if (!string.IsNullOrWhiteSpace(serverOption))
            return ServerFinder.Here.Find(serverOption);
        var found = ServerFinder.Here.Find(header.Server, "the spool");
        if (File.Exists(header.TokenFile))
            found = found with { Token = ServerFile.ReadToken(header.TokenFile), TokenFile = header.TokenFile };
        return header.TokenMark is null || header.TokenMark == Tokens.MarkOf(found.Token)
            ? found
            : throw new CliException(
                ExitCode.NotAllowed,
                $"Its run had {(found.Token is null ? "a token, and none is" : "another token than is")} at hand. Set JOBWATCH_TOKEN to the run's; "
                + "or name the server with --server to send it with what is at hand.");
    }

    private static string Left(Spool spool) => $"{spool.Pending} events stay in {spool.Path}.";
}
