using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>How an append went. Whatever is not <see cref="Appended"/> stored nothing of the batch.</summary>
internal abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    /// <summary>Committed, or there already.</summary>
    /// <param name="Log">The log that holds the events.</param>
    /// <param name="Positions">The position of each event of the batch, in its order.</param>
    /// <param name="MadeExecutionId">The execution id that was made for events without one.</param>
    internal sealed record Appended(JobLog Log, IReadOnlyList<long> Positions, string? MadeExecutionId) : AppendOutcome;

    /// <summary>The execution of the event at <paramref name="Index"/> has ended.</summary>
    internal sealed record ExecutionEnded(int Index, string ExecutionId, ExecutionStatus Status) : AppendOutcome;

    /// <summary>The execution of the event at <paramref name="Index"/> has not begun.</summary>
    internal sealed record ExecutionNotStarted(int Index, string ExecutionId) : AppendOutcome;

    /// <summary>Another append came first.</summary>
    internal sealed record PositionMismatch(long Expected, long Actual) : AppendOutcome;

    /// <summary>Too many appends wait for the store.</summary>
    internal sealed record Busy : AppendOutcome;
}
