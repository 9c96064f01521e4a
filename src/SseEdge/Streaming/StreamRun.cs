using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.SseEdge.Problems;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>One stream to its reader, from the first byte to the last.</summary>
internal sealed class StreamRun<TMessage>(
    Relay<TMessage> relay,
    FrameForm<TMessage> form,
    IFraming framing,
    StreamBody body,
    StreamingOptions options,
    Metrics metrics,
    ILogger logger)
    where TMessage : class, IMessage, new()
{
    /// <summary>
    /// Sends the frames until they end, the reader leaves, the stream is too old, or the edge stops; each of the last three cancels
    /// <paramref name="stop"/>, and the last two <paramref name="farewell"/>.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken farewell)
    {
        try
        {
            framing.WriteStart(body.Writer, Around(options.RetryInterval));
            await body.FlushAsync(stop);
            await relay.RunAsync(stop);
        }
        catch (Exception) when (body.IsAbandoned)
        {
            // The reader left, which is how most streams end.
        }
        catch (OperationCanceledException) when (farewell.IsCancellationRequested)
        {
            await EndAsync(SayFarewell);
        }
        catch (TimeoutException)
        {
            Log.Stalled(logger, options.StallTimeout);
            metrics.Failed(framing);
            body.Cut();
        }
        catch (RpcException failed)
        {
            var problem = NodeProblem.Of(failed);
            // The reader is told no more than that the log has the cause.
            if (problem.Status == StatusCodes.Status500InternalServerError)
                Log.Broken(logger, failed);
            await FailAsync(problem);
        }
        catch (Exception fault)
        {
            Log.Broken(logger, fault);
            await FailAsync(Problem.Internal);
        }
    }

    private void SayFarewell()
    {
        relay.WriteEnd();
        var draining = new Draining { RetryDelay = Duration.FromTimeSpan(Around(options.RetryInterval)) };
        framing.WriteFrame(body.Writer, form.Farewell(relay.Cursor, draining));
    }

    private Task FailAsync(Problem problem)
    {
        metrics.Failed(framing);
        return EndAsync(() =>
        {
            relay.WriteEnd();
            framing.WriteError(body.Writer, problem);
        });
    }

    private async Task EndAsync(Action write)
    {
        try
        {
            await body.EndAsync(write);
        }
        catch (TimeoutException)
        {
            body.Cut();
        }
    }

    // Half of it to one and a half: readers that were cut off together come back apart.
    private static TimeSpan Around(TimeSpan interval) => interval * (0.5 + Random.Shared.NextDouble());
}
