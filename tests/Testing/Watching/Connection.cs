namespace Jobwatch.Testing.Watching;

/// <summary>A call or a response, let go of.</summary>
internal sealed class Connection(IDisposable open) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        open.Dispose();
        return ValueTask.CompletedTask;
    }
}
