using Jobwatch.Client;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Cli.Servers;

/// <summary>
/// Hears from the client's log of tries that failed, and says so once until <see cref="Over"/>: from the second in a row on, since the
/// first is that a connection broke, and the next may find the server, or another node, at once.
/// </summary>
/// <param name="say">Takes the server's own reason, or null where none answered.</param>
internal sealed class Outages(Action<string?> say) : ILoggerFactory, ILogger
{
    private const int Told = 2;

    private static readonly string Heard = typeof(JobwatchClient).FullName!;
    private int _told;

    internal void Over() => Volatile.Write(ref _told, 0);

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Heard ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || ValueOf(values, "Failures") is not (int and >= Told))
            return;
        if (Interlocked.Exchange(ref _told, 1) == 0)
            say(ValueOf(values, "Reason") as string);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("It has one listener.");

    public void Dispose()
    {
    }

    private static object? ValueOf(IReadOnlyList<KeyValuePair<string, object?>> values, string name) =>
        values.FirstOrDefault(value => value.Key == name).Value;
}
