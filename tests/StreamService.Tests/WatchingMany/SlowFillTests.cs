using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>The store takes long over what one tenant's labels select, or fails at it.</summary>
public sealed class SlowFillTests : IAsyncLifetime
{
    private const string Slow = "other";

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        await AppendAsync(Slow, "a", Started("e", ("ledger", "eu")));
        await AppendAsync("local", "a", Started("e", ("ledger", "eu")));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Nobody_elses_watch_waits_for_it()
    {
        await using var held = await HeldFills.HoldAsync(_node, Slow);
        using var slow = Watch(Slow);
        await held.HoldsAsync(1);

        using var labelled = Watch("local");
        Assert.Equal(["a 1"], await labelled.EventsAsync(1));
        await labelled.NextAsync(Message.CaughtUp);
        await AppendAsync("local", "b", Started("e", ("ledger", "eu")));
        Assert.Equal(["b 1"], await labelled.EventsAsync(1));
        // Of the same tenant those that ask for no labels, or that were there before, don't wait either.
        using var all = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } }, NodeUnderTest.OthersToken);
        Assert.Equal(["a 1"], await all.EventsAsync(1));

        await held.ReleaseAsync();
        Assert.Equal(["a 1"], await slow.EventsAsync(1));
    }

    [Fact]
    public async Task What_is_given_labels_meanwhile_is_not_missed_and_not_told_from_a_later_execution()
    {
        await AppendAsync(Slow, "b", Started("e", ("ledger", "us")));
        await using var held = await HeldFills.HoldAsync(_node, Slow);
        using var all = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } }, NodeUnderTest.OthersToken);
        await all.UntilAsync(Message.CaughtUp);
        using var slow = Watch(Slow);
        await held.HoldsAsync(1);

        // New to the tenant, to the labels, and one that the fill finds by what it had before.
        await AppendAsync(Slow, "c", Started("e", ("ledger", "eu")));
        await AppendAsync(Slow, "b", Queued("f"), Started("f", ("ledger", "eu")));
        await AppendAsync(Slow, "a", Started("f", ("ledger", "eu")));
        Assert.Equal(["a 2", "b 2", "b 3", "c 1"], (await all.EventsAsync(4)).Order(StringComparer.Ordinal));
        // Two looks at least since then, so that none but those have found them new.
        await LookAsync();
        await LookAsync();

        await held.ReleaseAsync();
        Assert.Equal(["a 1", "a 2", "b 2", "b 3", "c 1"], (await slow.EventsAsync(5)).Order(StringComparer.Ordinal));
        await slow.NextAsync(Message.CaughtUp);
    }

    [Fact]
    public async Task One_that_fails_is_told_to_those_who_wait_for_it_and_logged_once_until_it_works_again()
    {
        var logged = new FillLog();
        _node.Services.GetRequiredService<ILoggerFactory>().AddProvider(logged);
        await using var held = await HeldFills.HoldAsync(_node, Slow);
        using var other = Watch("local");
        await other.UntilAsync(Message.CaughtUp);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (attempt == 1)
            {
                // Somebody stays: for the same selection it is asked again.
                Selections.Enter(Slow, [new("ledger", "eu")], new Wakeup());
            }

            using var slow = Watch(Slow);
            await held.HoldsAsync(1);
            await LookAsync();
            await held.CutAsync();
            await slow.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");
        }

        Assert.Equal([4006], logged.Ids);
        await held.ReleaseAsync();
        using var again = Watch(Slow);
        Assert.Equal(["a 1"], await again.EventsAsync(1));
        Assert.Equal([4006, 4007], logged.Ids);
        await AppendAsync("local", "b", Started("e", ("ledger", "eu")));
        Assert.Equal(["b 1"], await other.EventsAsync(1));
    }

    [Fact]
    public async Task One_that_nobody_waits_for_any_more_is_called_off_and_a_tenants_are_asked_one_after_the_other()
    {
        await AppendAsync(Slow, "a", Started("f", ("ledger", "us")));
        await using var held = await HeldFills.HoldAsync(_node, Slow);
        using var first = Watch(Slow);
        await held.HoldsAsync(1);
        using (Watch(Slow, "ledger=us"))
        {
            await Eventually.TrueAsync(() => Selections.Count == 2, TimeSpan.FromSeconds(30), "both are watched");
            await LookAsync();
            // Somebody else's, asked for after it, is done.
            using (var other = Watch("local"))
            {
                await other.UntilAsync(Message.CaughtUp);
            }

            await held.CutAsync();
            await first.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            await held.HoldsAsync(1);
        }

        await held.HoldsAsync(0);
    }

    private JobSelections Selections => _node.Services.GetRequiredService<JobSelections>();

    private Task LookAsync() => Selections.LookAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private JobsSession Watch(string tenant, string label = "ledger=eu") => new(
        _node,
        new WatchJobsRequest { Labels = { label }, Start = new WatchStart { Beginning = true } },
        tenant == Slow ? NodeUnderTest.OthersToken : null);

    private async Task AppendAsync(string tenant, string jobId, params ExecutionEvent[] events) =>
        await _node.AppendAsync(new JobKey(tenant, jobId), events);

    private sealed class FillLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<int> _ids = new();

        public IEnumerable<int> Ids => _ids;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is 4006 or 4007)
            {
                _ids.Enqueue(eventId.Id);
            }
        }

        public void Dispose()
        {
        }
    }
}
