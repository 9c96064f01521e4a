namespace Jobwatch.StreamService.Journal;

/// <summary>An append that waits for its commit. It may be tried several times; keys and made ids stay the same.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource<AppendOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellation;
    private readonly string[] _executionIds;
    private string? _madeExecutionId;

    public PendingAppend(AppendBatch batch, DateTimeOffset deadline, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _executionIds = [.. batch.Events.Select(added => added.ExecutionId)];
        Batch = batch;
        Deadline = deadline;
        Bytes = batch.Events.Sum(added => added.CalculateSize());
        Keys = [.. batch.Events.Select(added => EventKey.Of(batch.Job, Guid.Parse(added.EventId)))];
        LacksExecutionId = _executionIds.Contains("");
    }

    public AppendBatch Batch { get; }

    /// <summary>Protobuf bytes of its events.</summary>
    public int Bytes { get; }

    /// <summary>The key of each event, in the batch's order.</summary>
    public Guid[] Keys { get; }

    /// <summary>When trying again ends.</summary>
    public DateTimeOffset Deadline { get; }

    /// <summary>Whether an execution id has to be made.</summary>
    public bool LacksExecutionId { get; }

    /// <summary>The caller has gone. It is left out of a commit that has not begun.</summary>
    public bool IsAbandoned => _cancellation.IsCancellationRequested;

    public Task<AppendOutcome> Answer => _answer.Task;

    /// <summary>The execution that the event at <paramref name="index"/> named; empty if none.</summary>
    public string GivenExecutionId(int index) => _executionIds[index];

    public bool LacksExecutionIdAt(int index) => _executionIds[index].Length == 0;

    /// <summary>The execution of the event at <paramref name="index"/>; after <see cref="MakeExecutionId"/>.</summary>
    public string ExecutionId(int index) => _executionIds[index] is { Length: > 0 } given ? given : _madeExecutionId!;

    /// <summary>Makes the id that is lacking, or takes the one that was made when an event of the batch was stored; null if none lacks.</summary>
    public string? MakeExecutionId(string? stored) =>
        LacksExecutionId ? _madeExecutionId = stored ?? _madeExecutionId ?? Guid.CreateVersion7().ToString() : null;

    public void Complete(AppendOutcome outcome) => _answer.TrySetResult(outcome);

    public void Fail(Exception error) => _answer.TrySetException(error);

    public void Abandon() => _answer.TrySetCanceled(_cancellation);
}
