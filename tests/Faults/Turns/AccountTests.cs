using Jobwatch.Testing.Producing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>The checker notices what it is there for.</summary>
public sealed class AccountTests
{
    private const string Job = "job";

    private readonly Acknowledged _acknowledged = new();
    private readonly List<ExecutionEvent> _log = [.. Enumerable.Range(1, 5).Select(Event)];

    public AccountTests() => _acknowledged.Add(Job, _log, [1, 2, 3, 4, 5]);

    [Fact]
    public void What_is_whole_passes()
    {
        (var account, string? failure) = Close(_log, _log);
        Assert.Null(failure);
        Assert.Equal(new Account(5, 5, 0, 0), account);
    }

    [Fact]
    public void An_acknowledged_event_that_is_not_stored_is_lost()
    {
        (var account, string? failure) = Close(_log[..4], _log[..4]);
        Assert.NotNull(failure);
        Assert.Equal(new Account(5, 4, 1, 0), account);
    }

    [Fact]
    public void An_id_that_is_stored_twice_is_repeated()
    {
        var again = Event(6);
        again.EventId = _log[4].EventId;
        (var account, string? failure) = Close([.. _log, again], [.. _log, again]);
        Assert.NotNull(failure);
        Assert.Equal(new Account(5, 6, 0, 1), account);
    }

    [Fact]
    public void An_event_that_nobody_was_told_of_fails()
    {
        List<ExecutionEvent> more = [.. _log, Event(6)];
        Assert.NotNull(Close(more, more).Failure);
    }

    [Fact]
    public void An_event_that_a_watcher_did_not_see_is_lost()
    {
        (var account, string? failure) = Close(_log, [.. _log.Where(item => item.Position != 3)]);
        Assert.NotNull(failure);
        Assert.Equal(1, account.Lost);
    }

    [Fact]
    public void An_event_that_a_watcher_saw_twice_is_repeated()
    {
        (var account, string? failure) = Close(_log, [.. _log[..3], _log[2], .. _log[3..]]);
        Assert.NotNull(failure);
        Assert.Equal(1, account.Repeated);
    }

    [Fact]
    public void Events_in_another_order_fail()
    {
        (var account, string? failure) = Close(_log, [_log[1], _log[0], .. _log[2..]]);
        Assert.Contains("Not its slice", failure, StringComparison.Ordinal);
        Assert.Equal(new Account(5, 5, 0, 0), account);
    }

    [Fact]
    public void An_event_that_a_watcher_saw_with_other_content_fails()
    {
        var other = Event(5);
        other.LogWritten.Text = "other";
        Assert.NotNull(Close(_log, [.. _log[..4], other]).Failure);
    }

    [Fact]
    public void An_event_that_a_filter_leaves_out_may_not_be_seen()
    {
        var filter = new EventFilter { EventTypes = { "log_written" } };
        Assert.Null(Close(_log, _log[1..], filter).Failure);
        Assert.NotNull(Close(_log, _log, filter).Failure);
    }

    private (Account Account, string? Failure) Close(
        IReadOnlyList<ExecutionEvent> log, IReadOnlyList<ExecutionEvent> seen, EventFilter? filter = null) =>
        Account.Of(_acknowledged, Job, log, [new View("it", filter ?? new EventFilter(), seen)]);

    private static ExecutionEvent Event(int position)
    {
        var item = new ExecutionEvent
        {
            JobId = Job,
            EventId = $"{position}",
            ExecutionId = "e",
            Position = position,
            Status = ExecutionStatus.Running,
        };
        if (position == 1)
            item.ExecutionStarted = new ExecutionStarted();
        else
            item.LogWritten = new LogWritten { Text = $"line {position}" };
        return item;
    }
}
