using Grpc.Core;
using Jobwatch.Client.Recording;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client;

/// <summary>
/// A producer's stream of batches, of one job or many: sent without waiting for the answers, which come in the order sent. It outlives
/// connections: what the server has not answered is sent again over the next one, in the same order and with the same event ids, so that
/// nothing is stored twice, and of a job nothing before what was sent before it. A refused batch fails by itself, and the stream goes on.
/// </summary>
/// <remarks>
/// It is open until it is completed or disposed of, connects with the first batch and costs a call at the node while it is idle.
/// A refusal whose answer was lost with the connection is decided anew, behind what was stored meanwhile.
/// </remarks>
public sealed class EventRecorder : IAsyncDisposable
{
    /// <summary>Protobuf bytes of a batch, at most: 4 MB.</summary>
    public const int MaxBatchBytes = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _entry = new(1);
    private readonly SendWindow _window = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordService.RecordServiceClient _records;
    private readonly KnownNodes _known;
    private readonly JobwatchClientOptions _options;
    private readonly ILogger _logger;
    private readonly Task _running;
    private long _sequence;
    private bool _disposed;

    internal EventRecorder(
        RecordService.RecordServiceClient records, KnownNodes known, JobwatchClientOptions options, ILogger logger)
    {
        _records = records;
        _known = known;
        _options = options;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>
    /// Hands a batch over, waiting while 128 batches or 8 MB are unanswered. Events without an id get one (UUIDv7) before the first try, in
    /// copies; those that have one must not be changed until the answer. Calls from several threads are taken one after the other.
    /// </summary>
    /// <param name="batch">
    /// The batch. Its <c>expected_position</c> is compared when the batch's turn comes in its job's log: behind the ones sent before it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the batch is then not sent.</param>
    /// <returns>The batch on its way, and when it will be answered.</returns>
    /// <exception cref="ArgumentException">The batch is over <see cref="MaxBatchBytes"/>, or has a free structure of more than 30 levels.</exception>
    /// <exception cref="RpcException">The stream has failed: the server refused the stream, or was away for longer than
    /// <see cref="JobwatchClientOptions.RetryFor"/>.</exception>
    public async Task<SentBatch> SendAsync(AppendEventsRequest batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var identified = EventIds.Fix(batch, _options.TimeProvider);
        if (identified.CalculateSize() is > MaxBatchBytes and var size)
        {
            throw new ArgumentException(
                $"The batch has {size} bytes; a batch has at most {MaxBatchBytes} (4 MB): send its events in several.", nameof(batch));
        }

        StructureRule.Check(identified.Events, nameof(batch));
        await _entry.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var sent = new SentBatch(_sequence + 1, identified);
            await _window.AddAsync(sent, cancellationToken).ConfigureAwait(false);
            _sequence++;
            return sent;
        }
        finally
        {
            _entry.Release();
        }
    }

    /// <summary>
    /// Takes no more batches, and is done when all are answered. Refusals of single batches are told by them, not here.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait only; <see cref="DisposeAsync"/> ends the stream.</param>
    /// <exception cref="RpcException">The stream has failed; its unanswered batches have failed with the same.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        _window.Complete();
        return _running.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the stream at once. Batches that are not answered are cancelled; whether they are stored is unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await new RecorderSessions(_window, _records, _known, _options, _logger).RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _window.End(new ObjectDisposedException(nameof(EventRecorder)));
            throw;
        }
        catch (Exception error)
        {
            _window.End(error);
            throw;
        }
    }
}
