using Jobwatch.V1;

namespace Jobwatch.Testing.Watching;

/// <summary>A way to watch a job.</summary>
internal abstract class Transport
{
    /// <summary>Opens a watch. Throws what the server refused it with.</summary>
    public abstract Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel);

    public override string ToString() => GetType().Name;
}
