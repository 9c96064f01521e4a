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
    private bool _dropped;

    private Recording(ServerAddress server, Spool? spool, TimeProvider time)
    {
        _server = server;
        _spool = spool;
        var outages = new Outages(_ => Say.Line(
            $"No server answers at {server}: recording to disk, and catching up when it is back."));
        _client = Connection.Open(server, outages);
        _sending = spool is null ? Task.CompletedTask : SendAsync(new SpoolSender(spool, _client, time));
        _closed = spool is null;
    }

    internal static Recording Start(ServerAddress server, string folder, SpoolHeader header, TimeProvider time)
    {
        try
        {
            return new Recording(server, Spool.Create(folder, header), time);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            Say.Line($"Nothing is recorded: the spool folder {folder} can't be written ({unwritable.Message}). Name another with --spool.");
            return new Recording(server, null, time);
        }
    }

    /// <summary>The same call again would be refused in the same way, by any version of the server.</summary>
    internal static bool IsFinal(RpcException error) => error.StatusCode is
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.AlreadyExists or
        StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.ResourceExhausted;

    /// <summary>Takes events; in the order of calls, from any thread.</summary>
    internal void Record(IReadOnlyCollection<ExecutionEvent> events) => Record(events, last: false);

    /// <summary>Takes the last events, and waits until all are sent, but no longer than the time-out, or a signal that comes while it waits.</summary>
    internal async Task FinishAsync(IReadOnlyCollection<ExecutionEvent> last, TimeSpan timeout, TimeProvider time, PassedSignals signals)
    {
        if (!Record(last, last: true))
            return;

        var silent = timeout < SilentWait ? timeout : SilentWait;
        if (!await IsSentAsync(silent, time, CancellationToken.None) && silent < timeout)
        {
            signals.WaitIsOn();
            Say.Line($"Waiting for {_server} to take the last events; Ctrl-C ends the wait and leaves them to `jobwatch flush`.");
            await IsSentAsync(timeout - silent, time, signals.Hurry);
        }

        if (_spool!.Pending > 0 && !_dropped)
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

    private async Task<bool> IsSentAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _sending.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    // A child that the program left behind may still write after the last events: that is not recorded.
    private bool Record(IReadOnlyCollection<ExecutionEvent> events, bool last)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _closed = last;
            try
            {
                _spool!.Append(events);
                return true;
            }
            catch (IOException full)
            {
                _closed = true;
                Say.Line($"Recording stops: {_spool!.Path} can't be written ({full.Message}).");
                return false;
            }
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
            Say.Line($"{Refusals.Explain(refused, _server).Message} Recording goes on to disk only; `jobwatch flush` sends it.");
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException)
        {
            Say.Line($"Recording stops: {damaged.Message}");
            lock (_gate)
                _closed = true;
        }
    }
}
