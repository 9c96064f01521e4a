using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Retention;
using Jobwatch.StreamService.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Retention;

/// <summary>A journal whose clock stands still until it is moved, and passes over it that are made when a test wants them.</summary>
internal sealed class RetentionUnderTest : IAsyncDisposable
{
    private readonly RetentionOptions _options;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private RetentionUnderTest(JournalUnderTest journal, FakeTimeProvider time, RetentionOptions options)
    {
        _options = options;
        Journal = journal;
        Time = time;
    }

    public JournalUnderTest Journal { get; }

    public FakeTimeProvider Time { get; }

    public static async Task<RetentionUnderTest> StartAsync(params IEnumerable<RetentionRule> rules)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        var options = new RetentionOptions { MinAge = TimeSpan.Zero };
        foreach (var rule in rules)
        {
            options.Rules.Add(rule);
        }

        return new RetentionUnderTest(await JournalUnderTest.StartAsync(time: time), time, options);
    }

    public RetentionUnderTest Keeping(TimeSpan minAge)
    {
        _options.MinAge = minAge;
        return this;
    }

    /// <summary>Makes a pass; its rests pass by themselves.</summary>
    public async Task PassAsync()
    {
        var retention = new RetentionJob(
            Journal.Get<HistoryTrimmer>(), Journal.Get<JournalReadiness>(), _options,
            new Metrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), Time, NullLogger<RetentionJob>.Instance);
        var pass = retention.RunOnceAsync(TestContext.Current.CancellationToken);
        while (!pass.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(pass, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }

        await pass;
    }

    public async Task<TrimSession> BeginAsync() =>
        await Journal.Get<HistoryTrimmer>().TryBeginAsync(TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("Another pass is under way.");

    public async Task<JobHead> HeadAsync(JobKey? job = null) =>
        (await Journal.Reader.FindJobAsync(job ?? Batches.LedgerEu, TestContext.Current.CancellationToken))!;

    /// <summary>The positions that are stored, whatever the floor says.</summary>
    public async Task<IReadOnlyList<long>> StoredAsync(JobKey? job = null) => [.. (await Journal.LogAsync(job)).Select(stored => stored.Position)];

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Journal.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _services.DisposeAsync();
    }
}
