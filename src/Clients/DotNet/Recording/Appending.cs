using Grpc.Core;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Recording;

/// <summary>Appends that may be sent again: their event ids are fixed before the first try.</summary>
internal sealed class Appending(JobwatchClient node, JobwatchClientOptions options, ILogger logger)
{
    internal async Task<AppendEventsResponse> AppendAsync(
        string jobId, IEnumerable<ExecutionEvent> events, CancellationToken cancellationToken)
    {
        var request = new AppendEventsRequest { JobId = jobId };
        request.Events.AddRange(events.Select(Identified));

        var backoff = new Backoff(options);
        while (true)
        {
            TimeSpan wait;
            try
            {
                return await node.CallAsync(() => node.Records.AppendEventsAsync(request, cancellationToken: cancellationToken)).ConfigureAwait(false);
            }
            catch (RpcException error) when (Transience.IsCallers(error, cancellationToken))
            {
                throw new OperationCanceledException(error.Status.Detail, error, cancellationToken);
            }
            catch (RpcException error) when (Transience.MayPassForIdempotent(error))
            {
                if (backoff.Next(StatusDetails.Of(error).RetryDelay) is not { } pause)
                    throw;
                wait = pause;
                Log.AppendingAgain(logger, error.StatusCode, error.Status.Detail, wait);
            }

            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private ExecutionEvent Identified(ExecutionEvent given)
    {
        if (given.EventId.Length > 0)
            return given;
        var identified = given.Clone();
        identified.EventId = Guid.CreateVersion7(options.TimeProvider.GetUtcNow()).ToString();
        return identified;
    }
}
