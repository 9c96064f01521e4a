using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>Which of a job's current executions a snapshot shows.</summary>
/// <param name="Read">How many of them are looked through, the newest first.</param>
internal sealed record SnapshotQuery(int Read)
{
    /// <summary>
    /// Protobuf bytes after which nothing more is shown: an execution may have half a megabyte, and gRPC clients refuse messages over
    /// 4 MB unless told otherwise.
    /// </summary>
    public const long MaxBytes = 2 * 1024 * 1024;

    /// <summary>How long PostgreSQL may take; null: as long as the connection string says.</summary>
    public int? Seconds { get; init; }

    /// <summary>How many are shown, at most.</summary>
    public int Shown { get; init; } = Read;

    /// <summary>Ids of those that may be shown; none: any.</summary>
    public IReadOnlyCollection<string> ExecutionIds { get; init; } = [];

    /// <summary>Statuses of those that may be shown; none: any.</summary>
    public IReadOnlyCollection<ExecutionStatus> Statuses { get; init; } = [];

    /// <summary>What those that are shown have to carry, all of it.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Labels { get; init; } = [];
}
