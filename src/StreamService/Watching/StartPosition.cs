using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>Where in a log a watch starts.</summary>
/// <param name="After">Strictly after this position.</param>
/// <param name="Snapshot">The snapshot to begin with, true at that position; null unless it was asked for.</param>
/// <param name="AwaitedExecution">The execution that isn't there yet with whose first event the watch begins.</param>
/// <param name="ForgottenExecution">The execution with which the watch began in an earlier session: retention has taken all of it since.</param>
internal sealed record StartPosition(long After, JobSnapshot? Snapshot = null, string? AwaitedExecution = null, string? ForgottenExecution = null);
