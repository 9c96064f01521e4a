using Jobwatch.StreamService.Cursors;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>Holds one session of a watcher to a job's log: each selected event was sent, or is one of those that it was told were left out.</summary>
internal sealed class ConflationAccount(IReadOnlyList<ExecutionEvent> log, IReadOnlyList<long> selected, long after)
{
    private long _told = after;

    public void Take(WatchJobResponse message)
    {
        Assert.True(Cursor.TryParse(message.Cursor, out var cursor));
        Assert.True(cursor.Position >= _told, $"the cursor goes back from {_told} to {cursor.Position}");
        var passed = selected.Where(position => position > _told && position <= cursor.Position).ToList();
        if (message.Event is { } happened)
        {
            Assert.Equal([happened.Position], passed);
            Assert.Equal(happened.Position, cursor.Position);
        }
        else if (message.Conflated is { } conflated)
        {
            Assert.NotEmpty(passed);
            Assert.Equal(passed.Count, conflated.Count);
            Assert.All(passed, position => Assert.True(IsNewerThan(log[(int)position - 1]), $"{position} was left out"));
        }
        else
        {
            Assert.Empty(passed);
        }

        _told = cursor.Position;
    }

    private bool IsNewerThan(ExecutionEvent leftOut) =>
        (leftOut.ProgressReported is not null || leftOut.LogWritten?.Level < LogLevel.Warn)
        && selected.Select(position => log[(int)position - 1]).Any(other => other.Position > leftOut.Position
            && other.ExecutionId == leftOut.ExecutionId && other.PayloadCase == leftOut.PayloadCase);
}
