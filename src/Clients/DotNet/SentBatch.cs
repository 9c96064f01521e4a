using Jobwatch.V1;

namespace Jobwatch.Client;

/// <summary>A batch that was handed to a <see cref="EventRecorder"/>.</summary>
public sealed class SentBatch
{
    private readonly TaskCompletionSource<AppendEventsResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SentBatch(long sequence, AppendEventsRequest batch)
    {
        Request = new RecordEventsRequest { Sequence = sequence, Batch = batch };
        Bytes = Request.CalculateSize();
        // A refusal that nobody asks for is no fault of the process.
        _ = Acknowledged.ContinueWith(
            static refused => refused.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// The server's answer, in the order of sending: of two batches the earlier one's is always done first. Fails with
    /// <see cref="Grpc.Core.RpcException"/> if the server refused this batch, of which nothing is stored then, or if the stream failed as
    /// a whole, and whether it is stored is unknown. It is cancelled if the stream was disposed of before.
    /// </summary>
    public Task<AppendEventsResponse> Acknowledged => _answer.Task;

    internal RecordEventsRequest Request { get; }

    internal long Sequence => Request.Sequence;

    internal int Bytes { get; }

    internal void Answer(AppendEventsResponse response) => _answer.TrySetResult(response);

    internal void Fail(Exception error)
    {
        if (error is ObjectDisposedException)
            _answer.TrySetCanceled();
        else
            _answer.TrySetException(error);
    }
}
