using System.Threading.Channels;
using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>
/// One producer's stream: a loop that reads batches and starts their appends, and one that answers them in the order sent.
/// Between them is a window; when it is full nothing is read, and HTTP/2 flow control stops the producer.
/// </summary>
/// <remarks>
/// An answer is final. What may pass (the store is away, too many appends wait) ends the stream instead, with the batches from there on
/// unanswered: the producer sends them again, in order. The chain keeps the later ones from being stored before it.
/// </remarks>
internal sealed class RecordStream(
    IAsyncStreamReader<RecordEventsRequest> requests,
    IServerStreamWriter<RecordEventsResponse> responses,
    string tenant,
    RecordRoom room,
    CancellationToken callersToken)
{
    /// <summary>Batches under way, at most.</summary>
    public const int WindowBatches = 256;

    /// <summary>Their bytes, at most; the last batch may go over it.</summary>
    public const int WindowBytes = 8 * 1024 * 1024;

    // Answers that are there already share a flush; so many at most, as one that isn't flushed is not held by flow control.
    private const int AnswersOfAFlush = 32;

    private static readonly WriteOptions Flushed = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    // Never full: the window lets no more in.
    private readonly Channel<BatchUnderWay> _underWay = Channel.CreateBounded<BatchUnderWay>(
        new BoundedChannelOptions(WindowBatches) { SingleReader = true, SingleWriter = true });

    private readonly BatchWindow _window = new(WindowBatches, WindowBytes);
    private readonly AppendChain _chain = new();
    private long _lastSequence;

    public async Task RunAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(callersToken, room.Stopping);
        var reading = ReadAsync(stop.Token);
        try
        {
            await AnswerAsync();
        }
        finally
        {
            _chain.Break();
            await stop.CancelAsync();
            await reading;
        }
    }

    // How it ends is told by the other loop, after the answers to what came before.
    private async Task ReadAsync(CancellationToken stop)
    {
        Exception? end = null;
        try
        {
            await _window.WaitForRoomAsync(stop);
            while (await requests.MoveNext(stop))
            {
                await StartAsync(requests.Current, stop);
                await _window.WaitForRoomAsync(stop);
            }
        }
        catch (OperationCanceledException) when (room.Stopping.IsCancellationRequested && !callersToken.IsCancellationRequested)
        {
            end = RpcErrors.Unavailable(
                Reasons.Draining,
                "This node is shutting down: send the batches that it has not answered again, to another node if there is one.",
                RecordRoom.NextDelay());
        }
        catch (Exception error) when (FrameworkErrors.IsUndecodable(error) && !callersToken.IsCancellationRequested)
        {
            end = RpcErrors.UndecodableRequest();
        }
        catch (Exception error)
        {
            end = error;
        }

        _underWay.Writer.Complete(end);
    }

    private async Task StartAsync(RecordEventsRequest request, CancellationToken stop)
    {
        if (request.Sequence <= _lastSequence)
        {
            throw RpcErrors.InvalidField(
                Reasons.InvalidField, "sequence",
                $"it is {request.Sequence} after {_lastSequence}; number the batches of a stream upwards, beginning with 1 or more.");
        }

        _lastSequence = request.Sequence;
        var bytes = request.CalculateSize();
        AppendBatch batch;
        try
        {
            batch = room.Intake.Take(tenant, request.Batch ?? new AppendEventsRequest());
        }
        catch (RpcException refused)
        {
            Enter(new BatchUnderWay(request.Sequence, 0, bytes, refused, null));
            return;
        }

        Enter(new BatchUnderWay(request.Sequence, batch.Events.Count, bytes, null, await BeginAsync(batch, stop)));
    }

    // Full lanes are no fault of this stream: it holds the producer back, as long as its own batches make for room.
    private async Task<Task<AppendOutcome>> BeginAsync(AppendBatch batch, CancellationToken stop)
    {
        while (true)
        {
            var outcome = room.Journal.AppendAsync(batch, callersToken, _chain).AsTask();
            if (outcome is not { IsCompletedSuccessfully: true, Result: AppendOutcome.Busy busy })
            {
                return outcome;
            }

            if (!await _window.WaitForLeavingAsync(stop))
            {
                room.Metrics.Answered(busy, batch.Events.Count);
                throw Answers.Refusal(busy);
            }
        }
    }

    private void Enter(BatchUnderWay batch)
    {
        _window.Enter(batch.Bytes);
        _underWay.Writer.TryWrite(batch);
    }

    private async Task AnswerAsync()
    {
        var gathered = 0;
        await foreach (var batch in _underWay.Reader.ReadAllAsync())
        {
            var answer = batch.Refused is { } refused
                ? BatchErrors.Answer(batch.Sequence, refused)
                : AnswerOf(batch, await batch.Outcome!);
            var isNextDecided = _underWay.Reader.TryPeek(out var next) && next.IsDecided;
            gathered = isNextDecided && gathered < AnswersOfAFlush ? gathered + 1 : 0;
            responses.WriteOptions = gathered > 0 ? Gathered : Flushed;
            await responses.WriteAsync(answer, callersToken);
            _window.Leave(batch.Bytes);
        }
    }

    private RecordEventsResponse AnswerOf(BatchUnderWay batch, AppendOutcome outcome)
    {
        room.Metrics.Answered(outcome, batch.Events);
        return outcome is AppendOutcome.Appended appended
            ? new RecordEventsResponse { Sequence = batch.Sequence, Appended = Answers.Of(appended) }
            : BatchErrors.Answer(batch.Sequence, Answers.Refusal(outcome));
    }
}
