using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>A job of a case; its log is known once nothing is written any more.</summary>
internal sealed class WatchedJob(string id)
{
    private readonly TaskCompletionSource<string> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    /// <summary>The cursor behind its last event.</summary>
    public Task<string> Head => _head.Task;

    public IReadOnlyList<ExecutionEvent> Log { get; private set; } = [];

    public void Close((IReadOnlyList<ExecutionEvent> Log, string Head) account)
    {
        Log = account.Log;
        _head.SetResult(account.Head);
    }
}
