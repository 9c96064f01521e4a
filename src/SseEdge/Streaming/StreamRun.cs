using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.SseEdge.Problems;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>One stream from the node to its reader, from the first byte to the last.</summary>
internal sealed class StreamRun<TMessage>(
    FrameForm<TMessage> form,
    IFraming framing,
    StreamBody body,
    StreamingOptions options,
    Metrics metrics,
    ILogger logger)
    where TMessage : IMessage, new()
{
    // Frames that are there already go out together, up to about this much: more would only fill buffers behind a slow reader.
    private const int FlushBytes = 16 * 1024;

    private string _cursor = "";

    /// <summary>
    /// Sends the messages until they end, the reader leaves (which cancels <paramref name="stop"/>), or the edge stops.
    /// </summary>
    public async Task RunAsync(
        IAsyncEnumerable<TMessage> messages, string startedFrom, CancellationTokenSource stop, CancellationToken edgeStops)
    {
        _cursor = startedFrom;
        try
        {
            framing.WriteStart(body.Writer, Around(options.RetryInterval));
            await body.FlushAsync(stop.Token);
            await SendAsync(messages, stop);
        }
        catch (Exception) when (body.IsAbandoned)
        {
            // The reader left, which is how most streams end.
        }
        catch (OperationCanceledException) when (edgeStops.IsCancellationRequested)
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

    // Reads no further ahead than the one message that it waits for. What comes in the meantime waits in the connection to the
    // node, whose window is small, and then in the node.
    private async Task SendAsync(IAsyncEnumerable<TMessage> messages, CancellationTokenSource stop)
    {
        var reader = messages.GetAsyncEnumerator(CancellationToken.None);
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!next.IsCompleted && body.HasUnsent)
                    await body.FlushAsync(stop.Token);
                if (!await next)
                    break;
                if (form.Of(reader.Current) is { } frame)
                    Write(frame);
                next = reader.MoveNextAsync().AsTask();
                if (body.Writer.UnflushedBytes >= FlushBytes)
                    await body.FlushAsync(stop.Token);
            }

            await body.FlushAsync(stop.Token);
        }
        finally
        {
            // An enumerator can't be let go of while it is still asked for the next message.
            if (!next.IsCompleted)
                await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reader.DisposeAsync();
        }
    }

    private void Write(in Frame frame)
    {
        framing.WriteFrame(body.Writer, frame);
        if (frame.Cursor.Length > 0)
            _cursor = frame.Cursor;
        if (frame.IsUpdate)
            metrics.UpdateSent(framing);
    }

    private void SayFarewell() => framing.WriteFrame(
        body.Writer,
        form.Farewell(_cursor, new Draining { RetryDelay = Duration.FromTimeSpan(Around(options.RetryInterval)) }));

    private Task FailAsync(Problem problem)
    {
        metrics.Failed(framing);
        return EndAsync(() => framing.WriteError(body.Writer, problem));
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
