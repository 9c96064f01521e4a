using Jobwatch.Client;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Cli.Servers;

/// <summary>Hears from the client's log when it has lost the server, and says so once until <see cref="Over"/>.</summary>
internal sealed class Outages(Action<string> say) : ILoggerFactory, ILogger
{
    private static readonly string Heard = typeof(JobwatchClient).FullName!;
    private int _told;

    internal void Over() => Volatile.Write(ref _told, 0);

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Heard ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
            say(formatter(state, exception));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("It has one listener.");

    public void Dispose()
    {
    }
}
