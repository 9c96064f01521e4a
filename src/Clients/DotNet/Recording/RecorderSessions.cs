using Grpc.Core;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Recording;

/// <summary>Carries one recording stream over as many calls as it takes.</summary>
internal sealed class RecorderSessions(
    SendWindow window, RecordService.RecordServiceClient records, KnownNodes known, JobwatchClientOptions options, ILogger logger)
{
    private readonly Backoff _backoff = new(options);

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
            catch (RpcException passing) when (Transience.MayPassForIdempotent(passing, known.Strange))
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

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        Task<Metadata>? headers = null;
        // Before the first answer there are no headers, and the opening has a limit of its own.
        using var silence = new Silence(options, () => headers is { IsCompleted: true } && !window.IsEmpty, cancellationToken);
        using var call = records.RecordEvents(cancellationToken: silence.Token);
        headers = call.ResponseHeadersAsync;
        var sending = SendAsync(call.RequestStream, silence);
        try
        {
            while (await call.ResponseStream.MoveNext(silence.Token).ConfigureAwait(false))
            {
                silence.Begin();
                Take(call.ResponseStream.Current);
            }
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException && silence.IsTooLong && !cancellationToken.IsCancellationRequested)
        {
            await ShunAsync(headers).ConfigureAwait(false);
            throw Silence.Error(options.SilenceLimit);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable || StatusDetails.IsOfConnection(error))
        {
            await ShunAsync(headers).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await silence.EndAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    // The headers come with the first answer. A node that never gave one is shunned by whoever noticed.
    private async Task ShunAsync(Task<Metadata> headers)
    {
        if (headers.IsCompletedSuccessfully)
            known.Shunned.Add((await headers.ConfigureAwait(false)).GetValue(NodeHandler.Header));
    }

    private void Take(RecordEventsResponse answer)
    {
        var batch = window.Take(answer.Sequence);
        _backoff.Reset();
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
    private async Task SendAsync(IClientStreamWriter<RecordEventsRequest> stream, Silence silence)
    {
        try
        {
            var sent = 0L;
            while (await window.NextAsync(sent, silence.Token).ConfigureAwait(false) is { } batch)
            {
                // Before it nothing was due. Behind others it waits for their answers first.
                if (window.IsOldest(batch))
                    silence.Begin();
                await stream.WriteAsync(batch.Request, silence.Token).ConfigureAwait(false);
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
