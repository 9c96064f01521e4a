using System.Collections.Concurrent;
using Grpc.Net.Client.Balancer;
using Jobwatch.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Clients.Tests.Watching;

/// <summary>The addresses that the options name, beside a channel that ends.</summary>
public sealed class FixedNodesTests
{
    [Fact]
    public async Task A_channel_that_ends_while_it_is_told_the_nodes_has_nothing_logged_as_an_error()
    {
        using var log = new ChannelLog();
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var nodes = new FixedNodes([new BalancerAddress("127.0.0.1", 1)], factory);
        nodes.Start(_ =>
        {
            nodes.Dispose();
            throw new ObjectDisposedException("the balancer");
        });

        nodes.Refresh();

        await log.Resolved.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(log.Errors);
    }

    private sealed class ChannelLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public TaskCompletionSource Resolved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            if (eventId.Name == "ResolveTaskCompleted")
                Resolved.TrySetResult();
        }

        public void Dispose()
        {
        }
    }
}
