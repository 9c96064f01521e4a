using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;
using Jobwatch.Cli.Terminal;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>
/// What a run records: spooled to disk at once, sent behind the program's back. It never fails the run: what it can't do it says once.
/// </summary>
internal sealed class Recording : IAsyncDisposable
{
    // A shorter wait at the end needs no word.
    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ServerAddress _server;
    private readonly JobwatchClient _client;
    private readonly Spool? _spool;
    private readonly Task _sending;
    private bool _closed;
    private bool _begun;
    private bool _full;
    private bool _dropped;

    private Recording(ServerAddress server, JobwatchClient client, Spool? spool, TimeProvider time)
    {
        _server = server;
        _client = client;
        _spool = spool;
        _sending = spool is null ? Task.CompletedTask : SendAsync(new SpoolSender(spool, _client, time));
        _closed = spool is null;
    }

    internal static Recording Start(ServerAddress server, string folder, SpoolHeader header, TimeProvider time)
    {
        var client = Connection.Open(server, new Outages(reason => Say.Line(
            $"{server.Away(reason)}: recording to disk, and catching up when it is back.")));
        try
        {
            return new Recording(server, client, Spool.Create(folder, header), time);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            Say.Line($"Nothing is recorded: the spool folder {folder} can't be written ({unwritable.Message}). Name another with --spool.");
            return new Recording(server, client, null, time);
        }
    }

    /// <summary>The same call again would be refused in the same way, by any version of the server.</summary>
    internal static bool IsFinal(RpcException error) => error.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.AlreadyExists or
            StatusCode.Aborted or StatusCode.OutOfRange => true,
        // With a delay it is a server that is busy.
        StatusCode.ResourceExhausted => StatusDetails.Of(error).RetryDelay is null,
        _ => false,
    };

    /// <summary>Takes events; in the order of calls, from any thread.</summary>
    internal void Record(IReadOnlyCollection<ExecutionEvent> events)
    {
        lock (_gate)
        {
            if (_closed || _full)
                return;
            if (TryAppend(events) is not { } full)
            {
                _begun = true;
                return;
            }

            _full = true;
            Say.Line($"Recording stops: {_spool!.Path} can't be written ({full}). What is in it is sent.");
            // An end without its beginning is worth nothing.
            if (!_begun)
                Forget();
        }
    }

    /// <summary>There was no run: nothing of it is left.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = _dropped = true;
            _spool!.Delete();
        }
    }

    /// <summary>Takes the last events, and waits until all are sent, but no longer than the time-out, or a signal that comes while it waits.</summary>
    internal async Task FinishAsync(IReadOnlyCollection<ExecutionEvent> last, TimeSpan timeout, TimeProvider time, PassedSignals signals)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            // A child that the program left behind may still write after the last events: that is not recorded.
            _closed = true;
        }

        var done = EndAsync(last);
        var silent = timeout < SilentWait ? timeout : SilentWait;
        if (!await IsDoneAsync(done, silent, time, CancellationToken.None) && silent < timeout)
        {
            signals.WaitIsOn();
            Say.Line($"Waiting for {_server} to take the last events; Ctrl-C ends the wait and leaves them to `jobwatch flush`.");
            await IsDoneAsync(done, timeout - silent, time, signals.Hurry);
        }

        if (_dropped)
            return;
        if (!_spool!.HasEnd)
            Say.Line($"The run's end isn't recorded: {_spool.Path} can't be written. `jobwatch flush` ends it as lost, with the {_spool.Pending} events in it.");
        else if (_spool.Pending > 0)
            Say.Line($"{_spool.Pending} events are not sent yet; `jobwatch flush` sends them from {_spool.Path}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await _client.DisposeAsync();
        _spool?.Dispose();
        _stop.Dispose();
    }

    // A disk that was full may have room for the end once the spool is emptied.
    private async Task EndAsync(IReadOnlyCollection<ExecutionEvent> last)
    {
        if (!HasTaken(last))
        {
            await Task.WhenAny(_spool!.EmptiedAsync(), _sending);
            if (!HasTaken(last))
                return;
        }

        await _sending;
    }

    private bool HasTaken(IReadOnlyCollection<ExecutionEvent> last)
    {
        lock (_gate)
            return _dropped || TryAppend(last) is null;
    }

    private string? TryAppend(IReadOnlyCollection<ExecutionEvent> events)
    {
        try
        {
            _spool!.Append(events);
            return null;
        }
        // .NET says a file that may not grow further (ulimit, EFBIG) in its own way.
        catch (Exception full) when (full is IOException or ArgumentOutOfRangeException)
        {
            return full.Message;
        }
    }

    private static async Task<bool> IsDoneAsync(Task done, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await done.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SendAsync(SpoolSender sender)
    {
        try
        {
            await sender.RunAsync(_stop.Token);
            _spool!.Delete();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The spool stays for a flush.
        }
        catch (RpcException refused) when (IsFinal(refused))
        {
            Say.Line($"Recording stops: {Refusals.Explain(refused, _server).Message}");
            lock (_gate)
            {
                _closed = _dropped = true;
                _spool!.Delete();
            }
        }
        catch (RpcException refused)
        {
            // The spool names the wrong address.
            var flush = StatusDetails.IsOfAnotherProtocol(refused) ? "flush --server URL" : "flush";
            Say.Line($"{Refusals.Explain(refused, _server).Message} Recording goes on to disk only; `jobwatch {flush}` sends it.");
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or StreamOrderException)
        {
            Say.Line($"Recording stops: {damaged.Message}");
            lock (_gate)
                _closed = true;
        }
    }
}
