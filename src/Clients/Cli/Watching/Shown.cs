using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>What of a stream's message is shown, whichever stream it is of.</summary>
internal readonly record struct Shown(ExecutionEvent? Event, Snapshot? Snapshot, Gap? Gap, Conflated? Conflated)
{
    internal static Shown Of(WatchJobResponse message) => new(message.Event, message.Snapshot, message.Gap, message.Conflated);

    internal static Shown Of(ReplayExecutionResponse message) => new(message.Event, null, message.Gap, null);
}
