using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Live;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

/// <summary>A node that stops while it sends hints.</summary>
public sealed class CutOffHintsTests
{
    [Fact]
    public async Task What_is_being_sent_when_the_node_stops_is_sent_again()
    {
        var link = new SlowLink();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<CommitFeed>();
        services.Configure<JournalOptions>(journal => journal.ConnectionString = "Host=unused");
        services.AddHints();
        services.AddSingleton<OpenHintLink>((_, _) => Task.FromResult<IHintLink>(link));
        await using var provider = services.BuildServiceProvider();
        var exchange = provider.GetRequiredService<IHostedService>();
        await exchange.StartAsync(TestContext.Current.CancellationToken);
        provider.GetRequiredService<CommitFeed>().Publish(
            new CommittedEvents(new JobLog(new JobKey("local", "ledger-eu"), 42), [ModelStore.Event(2)], FailuresBefore: 0));
        await link.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await exchange.StopAsync(CancellationToken.None);

        Assert.Equal(2, link.Sent.Count);
        Assert.Equal(link.Sent[0], link.Sent[1]);
    }

    // The first sending goes on until it is cancelled.
    private sealed class SlowLink : IHintLink
    {
        public Task Lost { get; } = new TaskCompletionSource().Task;

        public List<IReadOnlyList<HintMessage>> Sent { get; } = [];

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SendAsync(IReadOnlyList<HintMessage> messages, CancellationToken cancellation)
        {
            Sent.Add(messages);
            return Begun.TrySetResult() ? new TaskCompletionSource().Task.WaitAsync(cancellation) : Task.CompletedTask;
        }

        public Task ListenAsync(IReadOnlyCollection<string> listen, IReadOnlyCollection<string> unlisten, CancellationToken cancellation) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
