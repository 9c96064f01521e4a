using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>A batch that a producer will send.</summary>
/// <param name="JobId">To which job.</param>
/// <param name="Events">New ones, and repeated ones that may have other contents now.</param>
internal sealed record PlannedAppend(string JobId, IReadOnlyList<ExecutionEvent> Events)
{
    /// <summary>Sent this many times at once, as if its answer had been lost.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>It writes to an execution that other producers write to and may have ended.</summary>
    public bool MayBeRefused { get; init; }
}
