using Grpc.Core;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Recording;

/// <summary>Appends that may be sent again: their event ids are fixed before the first try.</summary>
internal sealed class Appending(JobwatchClient node, KnownNodes known, JobwatchClientOptions options, ILogger logger)
{
    internal async Task<AppendEventsResponse> AppendAsync(
        string jobId, IEnumerable<ExecutionEvent> events, CancellationToken cancellationToken)
    {
        var request = new AppendEventsRequest { JobId = jobId };
        request.Events.AddRange(events.Select(given => EventIds.Fix(given, options.TimeProvider)));
        StructureRule.Check(request.Events, nameof(events));

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
            catch (RpcException error) when (Transience.MayPassForIdempotent(error, known.Strange))
            {
                if (backoff.Next(StatusDetails.Of(error).RetryDelay) is not { } pause)
                    throw;
                wait = pause;
                Log.AppendingAgain(logger, error.StatusCode, error.Status.Detail, wait);
            }

            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
