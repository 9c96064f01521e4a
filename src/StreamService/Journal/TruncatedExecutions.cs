using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// What the floor of a log says of its executions. It is read, never stored: truncation would have to write every execution that it touches.
/// </summary>
internal static class TruncatedExecutions
{
    /// <summary>Notes which of the execution's events are truncated.</summary>
    public static Execution WithFloor(this Execution execution, long floor)
    {
        execution.TruncatedPosition = floor < execution.FirstPosition ? 0 : Math.Min(floor, execution.LastPosition);
        return execution;
    }
}
