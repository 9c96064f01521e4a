using Grpc.Core;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Recording;

/// <summary>Carries one recording stream over as many calls as it takes.</summary>
internal sealed class RecorderSessions(
    SendWindow window, RecordService.RecordServiceClient records, NodeAddresses nodes, ShunnedNodes shunned, JobwatchClientOptions options, ILogger logger)
{
    private readonly Backoff _backoff = new(options);
    private int _strangers;

    /// <summary>Done when the window is complete and all is answered.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        // A call is begun for a batch only: one that broke while the producer had nothing to say is no outage.
        while (await window.NextAsync(0, cancellationToken).ConfigureAwait(false) is not null)
        {
            RpcException error;
            try
            {
                await RunSessionAsync(cancellationToken).ConfigureAwait(false);
                if (window.IsEmpty)
                    continue;
                error = new RpcException(new Status(StatusCode.Unavailable, "The server ended the stream."));
            }
            catch (RpcException cancelled) when (Transience.IsCallers(cancelled, cancellationToken))
            {
                throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken);
            }
            catch (RpcException passing) when (Transience.MayPassForIdempotent(passing) || IsLeftToOtherNodes(passing))
            {
                if (window.IsEmpty)
                    continue;
                error = passing;
            }

            var details = StatusDetails.Of(error);
            if (_backoff.Next(details.RetryDelay) is not { } wait)
                throw error;
            Log.SendingAgain(logger, error.StatusCode, details.Reason, error.Status.Detail, _backoff.Failures, wait);
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // One address of several may be wrong. It is shunned, and the next call comes to another.
    private bool IsLeftToOtherNodes(RpcException error) => StatusDetails.IsOfAnotherProtocol(error) && ++_strangers < nodes.Tries;

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = records.RecordEvents(cancellationToken: over.Token);
        var sending = SendAsync(call.RequestStream, over.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(over.Token).ConfigureAwait(false))
                Take(call.ResponseStream.Current);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable || StatusDetails.IsOfConnection(error))
        {
            // The headers come with the first answer. A node that never gave one is shunned by whoever noticed.
            if (call.ResponseHeadersAsync is { IsCompletedSuccessfully: true } headers)
                shunned.Add((await headers.ConfigureAwait(false)).GetValue(NodeHandler.Header));
            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    private void Take(RecordEventsResponse answer)
    {
        var batch = window.Take(answer.Sequence);
        _backoff.Reset();
        _strangers = 0;
        switch (answer.OutcomeCase)
        {
            case RecordEventsResponse.OutcomeOneofCase.Appended:
                batch.Answer(answer.Appended);
                break;
            case RecordEventsResponse.OutcomeOneofCase.Error:
                batch.Fail(answer.Error.ToRpcException());
                break;
            default:
                batch.Fail(new RpcException(new Status(
                    StatusCode.Internal, $"The server's answer to batch {answer.Sequence} has no outcome that this client knows.")));
                break;
        }
    }

    // The oldest first: whatever an earlier call was not answered for. Waiting for each write is the server's hold on this side.
    private async Task SendAsync(IClientStreamWriter<RecordEventsRequest> stream, CancellationToken cancellationToken)
    {
        try
        {
            var sent = 0L;
            while (await window.NextAsync(sent, cancellationToken).ConfigureAwait(false) is { } batch)
            {
                await stream.WriteAsync(batch.Request, cancellationToken).ConfigureAwait(false);
                sent = batch.Sequence;
            }

            await stream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception over) when (over is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The call is over. How it ended is what its reader gets.
        }
    }
}
