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
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>How many are shown, at most.</summary>
    public int Shown { get; init; } = Read;

    /// <summary>Whether one is to be shown.</summary>
    public Predicate<Execution> Selects { get; init; } = static _ => true;
}
