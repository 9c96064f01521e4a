namespace Jobwatch.Testing.Watching;

/// <summary>The ways in which an HTTP watcher names the cursor that it goes on from.</summary>
internal enum ResumeBy
{
    Header,
    LastEventIdQuery,
    StartQuery,
}
