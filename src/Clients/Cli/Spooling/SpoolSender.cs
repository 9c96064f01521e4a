using Jobwatch.Client;

namespace Jobwatch.Cli.Spooling;

/// <summary>Sends a spool in order, one batch at a time; the client tries each for as long as the server is away.</summary>
internal sealed class SpoolSender(Spool spool, JobwatchClient client, TimeProvider time, Action sent)
{
    internal const int MaxEvents = 500;
    internal const int MaxBytes = 1_000_000;

    /// <summary>How long few events wait for company.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends what comes until the execution's end is sent.</summary>
    /// <exception cref="Grpc.Core.RpcException">The server refuses an event for good.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        do
        {
            await spool.AppendedAsync().WaitAsync(cancellationToken);
            if (!spool.HasEnd && spool.Pending < MaxEvents && spool.PendingBytes < MaxBytes)
                await Task.Delay(Patience, time, cancellationToken);
            await SendPendingAsync(cancellationToken);
        }
        while (!spool.HasEnd || spool.Pending > 0);
    }

    /// <summary>Sends what is there.</summary>
    internal async Task<long> SendPendingAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        while (spool.Read(MaxEvents, MaxBytes) is { } batch)
        {
            await client.AppendAsync(spool.Header.JobId, batch.Events, cancellationToken);
            spool.Acknowledge(batch);
            count += batch.Events.Count;
            sent();
        }

        return count;
    }
}
