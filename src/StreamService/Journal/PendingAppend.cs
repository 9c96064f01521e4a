namespace Jobwatch.StreamService.Journal;

/// <summary>An append that waits for its commit. It may be tried several times; keys and made ids stay the same.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource<AppendOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellation;
    private readonly AppendChain? _chain;
    private readonly string[] _executionIds;
    private string? _madeExecutionId;

    public PendingAppend(AppendBatch batch, DateTimeOffset deadline, AppendChain? chain, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _chain = chain;
        _executionIds = new string[batch.Events.Count];
        Batch = batch;
        Deadline = deadline;
        Keys = new Guid[batch.Events.Count];
        for (var i = 0; i < Keys.Length; i++)
        {
            var added = batch.Events[i];
            _executionIds[i] = added.ExecutionId;
            Keys[i] = EventKey.Of(batch.Job, Guid.Parse(added.EventId));
            Bytes += added.CalculateSize();
            LacksExecutionId |= added.ExecutionId.Length == 0;
        }
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

    /// <summary>The caller has gone, or an append of its chain has failed. It is left out of a commit that has not begun.</summary>
    public bool IsAbandoned => _chain is { IsBroken: true } || _cancellation.IsCancellationRequested;

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

    // The chain first, and by the lane itself: it may take the next append of the chain before anyone hears of the failure.
    public void Fail(Exception error)
    {
        _chain?.Break();
        _answer.TrySetException(error);
    }

    public void Abandon()
    {
        if (_cancellation.IsCancellationRequested)
        {
            _answer.TrySetCanceled(_cancellation);
        }
        else
        {
            _answer.TrySetException(new StoreUnavailableException("An append that it follows has failed."));
        }
    }
}
