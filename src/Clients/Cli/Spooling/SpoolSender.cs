using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Cli.Spooling;

/// <summary>
/// Sends a spool in order, without waiting for the answer to each batch; the client sends again whatever isn't answered, for as long as
/// the server is away.
/// </summary>
internal sealed class SpoolSender(Spool spool, JobwatchClient client, TimeProvider time)
{
    internal const int MaxEvents = 500;
    internal const int MaxBytes = 1_000_000;

    /// <summary>How long few events wait for company.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends what comes until the execution's end is acknowledged.</summary>
    /// <exception cref="Grpc.Core.RpcException">The server refuses an event for good.</exception>
    internal Task RunAsync(CancellationToken cancellationToken) => SendAsync(WaitAsync, cancellationToken);

    /// <summary>Sends what is there, and returns how many events that were.</summary>
    /// <exception cref="Grpc.Core.RpcException">The server refuses an event for good.</exception>
    internal Task<long> SendPendingAsync(CancellationToken cancellationToken) =>
        SendAsync(_ => Task.FromResult(spool.Waiting > 0), cancellationToken);

    // Whether there is more to send, once there is.
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (spool.HasEnd && spool.Waiting == 0)
            return false;
        await spool.AppendedAsync().WaitAsync(cancellationToken);
        if (!spool.HasEnd && spool.Waiting < MaxEvents && spool.WaitingBytes < MaxBytes)
            await Task.Delay(Patience, time, cancellationToken);
        return true;
    }

    private async Task<long> SendAsync(Func<CancellationToken, Task<bool>> hasMore, CancellationToken cancellationToken)
    {
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = client.OpenRecorder();
        var count = 0L;
        var acknowledging = Task.CompletedTask;
        try
        {
            while (await hasMore(refused.Token))
            {
                while (spool.Take(MaxEvents, MaxBytes) is { } batch)
                {
                    var request = new AppendEventsRequest { JobId = spool.Header.JobId, Events = { batch.Events } };
                    acknowledging = AcknowledgeAsync(acknowledging, batch, await stream.SendAsync(request, refused.Token));
                    count += batch.Events.Count;
                }
            }

            await stream.CompleteAsync(refused.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // By a refusal, which the wait below throws.
        }

        await acknowledging;
        return count;

        async Task AcknowledgeAsync(Task before, SpoolBatch batch, SentBatch sent)
        {
            await before;
            try
            {
                await sent.Acknowledged;
                spool.Acknowledge(batch);
            }
            catch
            {
                await refused.CancelAsync();
                throw;
            }
        }
    }
}
