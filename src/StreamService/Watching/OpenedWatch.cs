using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>A watch that knows where it begins.</summary>
/// <param name="Log">Stands at the first event; null for a job that isn't there.</param>
/// <param name="StartedFrom">Stands before that event.</param>
/// <param name="Until">When it ends.</param>
internal sealed record OpenedWatch(LogFollower? Log, Cursor StartedFrom, EndCondition Until)
{
    /// <summary>What the reader gets first; null unless it starts with the latest.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>The execution that isn't there yet with whose first event the watch begins.</summary>
    public string? AwaitedExecution { get; init; }

    /// <inheritdoc cref="StartPosition"/>
    public string? ForgottenExecution { get; init; }

    /// <summary>Whether it ends before it has begun.</summary>
    public bool NothingLeft { get; init; }
}
