using Jobwatch.V1;
using Xunit;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.Testing.Oracle;

/// <summary>
/// Folds a log into its executions, by the words of the contract and nothing of the product's; each event's status is
/// held against it on the way.
/// </summary>
internal sealed class ToldJob
{
    private readonly Dictionary<string, ToldExecution> _executions = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ToldExecution> Executions => _executions;

    /// <summary>Open ones, newest first.</summary>
    public IReadOnlyList<ToldExecution> Open =>
        [.. _executions.Values.Where(execution => !execution.HasEnded).OrderByDescending(execution => execution.FirstPosition)];

    public ToldExecution Newest => _executions.Values.MaxBy(execution => execution.FirstPosition)!;

    public static ToldJob Of(IEnumerable<ExecutionEvent> log)
    {
        var job = new ToldJob();
        foreach (var item in log)
            job.Take(item);
        return job;
    }

    private void Take(ExecutionEvent item)
    {
        if (!_executions.TryGetValue(item.ExecutionId, out var execution))
        {
            bool begins = item.PayloadCase is Payload.ExecutionQueued or Payload.ExecutionStarted;
            Assert.True(begins, $"{item.Position} doesn't begin its execution");
            _executions[item.ExecutionId] = execution = new ToldExecution(item.ExecutionId, item.Position);
        }
        Assert.False(execution.HasEnded, $"{item.Position} follows the end of its execution");
        if (item.PayloadCase == Payload.ExecutionQueued
            || (item.PayloadCase == Payload.ExecutionStarted && execution.Status != ExecutionStatus.Queued))
            execution.Attempt++;
        execution.Status = item.PayloadCase switch
        {
            Payload.ExecutionQueued => ExecutionStatus.Queued,
            Payload.ExecutionStarted => ExecutionStatus.Running,
            Payload.ExecutionSucceeded => ExecutionStatus.Succeeded,
            Payload.ExecutionFailed => ExecutionStatus.Failed,
            Payload.ExecutionCancelled => ExecutionStatus.Cancelled,
            _ => execution.Status,
        };
        execution.LastPosition = item.Position;
        execution.EventCount++;
        if (execution.LabelsPosition == 0 && item.ExecutionStarted is { Labels.Count: > 0 } started)
        {
            execution.LabelsPosition = item.Position;
            execution.Labels = started.Labels;
        }
        Assert.Equal(execution.Status, item.Status);
    }
}
