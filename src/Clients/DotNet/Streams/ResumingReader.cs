using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Grpc.Core;
using Jobwatch.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Streams;

/// <summary>Reads one stream over as many sessions as it takes.</summary>
/// <param name="opened">The first session, if it is open already.</param>
/// <param name="open">Opens a session behind a cursor; where there is none yet, as the caller asked for it.</param>
/// <param name="holdsStart">
/// Whether a session that breaks before its first message is gone on with from where it began. Asked for anew, «from the beginning» may begin
/// later, where history was truncated meanwhile, and nobody would be told of what is between.
/// </param>
/// <param name="factsOf">Reads a message.</param>
/// <param name="endOf">Makes the end of an execution from its last event.</param>
/// <param name="progress">How far it is.</param>
/// <param name="known">What is known of the nodes.</param>
/// <param name="options">How long to try, and how long silence may be.</param>
/// <param name="logger">Told of each new session.</param>
internal sealed class ResumingReader<TMessage>(
    JobWatch<TMessage>? opened,
    Func<string?, CancellationToken, Task<JobWatch<TMessage>>> open,
    bool holdsStart,
    Func<TMessage, MessageFacts> factsOf,
    Func<TMessage, TMessage> endOf,
    StreamProgress progress,
    KnownNodes known,
    JobwatchClientOptions options,
    ILogger logger) : IAsyncDisposable
    where TMessage : class
{
    private readonly Backoff _backoff = new(options);
    private JobWatch<TMessage>? _session = opened;
    private Silence? _silence;

    // An execution's last event, while nothing came behind it.
    private TMessage? _last;

    // What comes instead of the next session, or before it; after the end that was lost.
    private ExceptionDispatchInfo? _failure;
    private TimeSpan _pause;
    private volatile bool _isWaiting;

    /// <summary>The next message, or null when the stream has ended well.</summary>
    // Of this and the next nothing is made anew for each message: where thousands of streams wait, all of that would outlive a collection.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<TMessage?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _failure?.Throw();
            await RestAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _session ??= await open(progress.Cursor, cancellationToken).ConfigureAwait(false);
                if (holdsStart)
                    progress.Begin(_session.StartedFrom);
                if (!await HearAsync(_session, cancellationToken).ConfigureAwait(false))
                    return null;

                var message = _session.Reader.Current;
                var facts = factsOf(message);
                var wanted = progress.Take(facts);
                _backoff.Reset();
                if (facts.Draining is null)
                {
                    _last = facts.EndsExecution ? message : null;
                    if (wanted)
                        return message;
                    continue;
                }

                // The server's delay spreads its watchers out already: no jitter of our own on top.
                _pause = facts.Draining.RetryDelay?.ToTimeSpan() ?? TimeSpan.Zero;
                if (_pause > TimeSpan.Zero)
                    Log.Draining(logger, _pause);
                else
                    Log.OldEnough(logger);
            }
            catch (RpcException error) when (Transience.IsCallers(error, cancellationToken))
            {
                throw new OperationCanceledException(error.Status.Detail, error, cancellationToken);
            }
            catch (RpcException error) when (Transience.MayPass(error, known.Strange))
            {
                if (!GoesOn(error))
                    throw;
            }

            await DisposeAsync().ConfigureAwait(false);
            if (_last is { } last)
            {
                _last = null;
                return endOf(last);
            }
        }
    }

    private Task RestAsync(CancellationToken cancellationToken)
    {
        var rest = _pause;
        _pause = TimeSpan.Zero;
        return rest == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(rest, options.TimeProvider, cancellationToken);
    }

    // Whether there is more to give: of another session, or the end that was lost, after which comes the failure.
    private bool GoesOn(RpcException error)
    {
        if (StatusDetails.IsOfConnection(error))
            known.Shunned.Add(_session?.Node);
        var details = StatusDetails.Of(error);
        if (_backoff.Next(details.RetryDelay) is { } pause)
        {
            _pause = pause;
            Log.Resuming(logger, error.StatusCode, details.Reason, error.Status.Detail, _backoff.Failures, pause);
            return true;
        }

        _failure = ExceptionDispatchInfo.Capture(error);
        return _last is not null;
    }

    // Only this counts as the node's silence: what a reader doesn't ask for may be there.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> HearAsync(JobWatch<TMessage> session, CancellationToken cancellationToken)
    {
        var silence = _silence ??= new Silence(options, () => _isWaiting, cancellationToken);
        try
        {
            silence.Begin();
            _isWaiting = true;
            return await session.Reader.MoveNext(silence.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException && silence.IsTooLong && !cancellationToken.IsCancellationRequested)
        {
            known.Shunned.Add(session.Node);
            throw Silence.Error(options.SilenceLimit);
        }
        finally
        {
            _isWaiting = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _silence?.Dispose();
        _silence = null;
        if (_session is null)
            return;
        await _session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }
}
