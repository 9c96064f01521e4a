using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>Makes events and batches as the node hands them to the journal.</summary>
internal static class Batches
{
    public static readonly JobKey LedgerEu = new("local", "ledger-eu");

    public static ExecutionEvent Started(string executionId, params (string Key, string Value)[] labels)
    {
        var started = Event(executionId);
        started.ExecutionStarted = new ExecutionStarted { Worker = "w7" };
        foreach (var (key, value) in labels)
        {
            started.ExecutionStarted.Labels.Add(key, value);
        }

        return started;
    }

    public static ExecutionEvent Logged(string executionId, string text = "a line")
    {
        var logged = Event(executionId);
        logged.LogWritten = new LogWritten { Level = V1.LogLevel.Info, Text = text, Stream = "stdout" };
        return logged;
    }

    public static ExecutionEvent Succeeded(string executionId)
    {
        var succeeded = Event(executionId);
        succeeded.ExecutionSucceeded = new ExecutionSucceeded();
        return succeeded;
    }

    public static ExecutionEvent Queued(string executionId)
    {
        var queued = Event(executionId);
        queued.ExecutionQueued = new ExecutionQueued();
        return queued;
    }

    public static ExecutionEvent Event(string executionId) => new()
    {
        ExecutionId = executionId,
        EventId = Guid.CreateVersion7().ToString(),
        OccurredAt = new Timestamp { Seconds = 1_795_000_000 },
    };

    public static Task<AppendOutcome> AppendAsync(this JournalUnderTest journal, params ExecutionEvent[] events) =>
        journal.AppendAsync(LedgerEu, null, events);

    public static Task<AppendOutcome> AppendAsync(
        this JournalUnderTest journal, JobKey job, long? expected, params ExecutionEvent[] events) =>
        journal.Writer.AppendAsync(new AppendBatch(job, [.. events.Select(e => e.Clone())], expected), TestContext.Current.CancellationToken).AsTask();

    public static IReadOnlyList<long> Positions(this AppendOutcome outcome) => Assert.IsType<AppendOutcome.Appended>(outcome).Positions;

    public static async Task<IReadOnlyList<StoredEvent>> LogAsync(this JournalUnderTest journal, JobKey? job = null)
    {
        var head = await journal.Reader.FindJobAsync(job ?? LedgerEu, TestContext.Current.CancellationToken);
        return head is null ? [] : (await journal.Reader.ReadAsync(head.Log, 0, int.MaxValue, int.MaxValue, TestContext.Current.CancellationToken)).Events;
    }
}
