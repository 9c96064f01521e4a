using Jobwatch.V1;

namespace Jobwatch.Testing.Watching;

/// <summary>One open watch, whatever carries it. Its messages are those of WatchJob.</summary>
internal sealed class Session(IAsyncDisposable connection, IAsyncEnumerable<WatchJobResponse> messages) : IAsyncDisposable
{
    /// <summary>Where it says that it starts; null if it doesn't say.</summary>
    public string? StartedFrom { get; init; }

    /// <summary>A watch until the end found nothing left; there are no messages.</summary>
    public bool NothingLeft { get; init; }

    public IAsyncEnumerable<WatchJobResponse> Messages { get; } = messages;

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
