using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Jobwatch.SseEdge.Tests;

/// <summary>Collects what the edge logs as an error: a test that didn't expect any fails with it.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, Errors);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                errors.Enqueue($"{name} {eventId.Id}: {formatter(state, exception)} {exception}");
        }
    }
}
