using Grpc.Core;
using Jobwatch.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Streams;

/// <summary>Reads one stream over as many sessions as it takes.</summary>
internal sealed class ResumingReader<TMessage>(
    JobWatch<TMessage>? opened,
    Func<string?, CancellationToken, Task<JobWatch<TMessage>>> open,
    Func<TMessage, MessageFacts> factsOf,
    StreamProgress progress,
    ShunnedNodes shunned,
    JobwatchClientOptions options,
    ILogger logger) : IAsyncDisposable
    where TMessage : class
{
    private readonly Backoff _backoff = new(options);
    private JobWatch<TMessage>? _session = opened;

    /// <summary>The next message, or null when the stream has ended well.</summary>
    internal async Task<TMessage?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            try
            {
                _session ??= await open(progress.Cursor, cancellationToken).ConfigureAwait(false);
                if (!await _session.Reader.MoveNext(cancellationToken).ConfigureAwait(false))
                    return null;

                var message = _session.Reader.Current;
                var facts = factsOf(message);
                var wanted = progress.Take(facts);
                _backoff.Reset();
                if (facts.Draining is null)
                {
                    if (wanted)
                        return message;
                    continue;
                }

                // The server's delay spreads its watchers out already: no jitter of our own on top.
                wait = facts.Draining.RetryDelay?.ToTimeSpan() ?? TimeSpan.Zero;
                if (wait > TimeSpan.Zero)
                    Log.Draining(logger, wait);
                else
                    Log.OldEnough(logger);
            }
            catch (RpcException error) when (Transience.IsCallers(error, cancellationToken))
            {
                throw new OperationCanceledException(error.Status.Detail, error, cancellationToken);
            }
            catch (RpcException error) when (Transience.MayPass(error))
            {
                if (StatusDetails.IsOfConnection(error))
                    shunned.Add(_session?.Node);
                var details = StatusDetails.Of(error);
                if (_backoff.Next(details.RetryDelay) is not { } pause)
                    throw;
                wait = pause;
                Log.Resuming(logger, error.StatusCode, details.Reason, error.Status.Detail, _backoff.Failures, wait);
            }

            await DisposeAsync().ConfigureAwait(false);
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is null)
            return;
        await _session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }
}
