namespace Jobwatch.Testing;

/// <summary>A node or an edge in its own process, which can be killed and started again on the same ports.</summary>
public abstract class ServerProcess : IAsyncDisposable
{
    private ChildProcess? _child;

    /// <summary>Settings on top of the defaults, read at each start.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>The running process, or the last one.</summary>
    public ChildProcess Child => _child ?? throw new InvalidOperationException("Not started.");

    protected abstract string Dll { get; }

    protected abstract IEnumerable<KeyValuePair<string, string?>> Settings { get; }

    /// <summary>Starts the program and waits until it is ready to serve.</summary>
    public async Task StartAsync()
    {
        Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts the program and does not wait, for tests in which it can't become ready.</summary>
    public void Launch()
    {
        if (_child is { HasExited: false })
            throw new InvalidOperationException("Started already.");
        var environment = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in Environment)
            environment[name] = value;
        _child = ChildProcess.Start(ChildCommand.Dotnet(Dll) with { Environment = environment });
    }

    public Task WaitUntilReadyAsync(TimeSpan? deadline = null) => Child.WaitUntilAsync(IsReadyAsync, "ready to serve", deadline);

    public void Signal(UnixSignal signal) => Child.Signal(signal);

    /// <inheritdoc cref="ChildProcess.KillAsync"/>
    public Task KillAsync() => Child.KillAsync();

    /// <summary>SIGTERM, then the exit code of a clean end.</summary>
    public Task<int> StopAsync()
    {
        Signal(UnixSignal.SigTerm);
        return Child.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    protected abstract void Dispose();
}
