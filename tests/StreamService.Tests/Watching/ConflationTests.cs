using Google.Protobuf;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Tests.Live;
using Jobwatch.StreamService.Watching;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>What is sent, in the order of the stream: <c>5</c> an event, <c>-3</c> three that were left out.</summary>
public sealed class ConflationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogCursors _cursors = new(LiveRoom.Log);
    private readonly List<long> _sent = [];
    private long _head;

    [Fact]
    public void What_is_within_the_rate_is_all_sent()
    {
        var conflation = new Conflation(10, _time);
        for (var second = 0; second < 5; second++)
        {
            Append(conflation, 10, () => Logged("e"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(one => (long)one), _sent);
    }

    [Fact]
    public void A_flood_is_thinned_out_to_the_rate_and_each_is_the_newest()
    {
        var conflation = new Conflation(5, _time);
        for (var step = 0; step < 1000; step++)
        {
            Append(conflation, 10, () => Progress("e"));
            _time.Advance(TimeSpan.FromMilliseconds(10));
            LetOut(conflation);
        }

        var events = _sent.Where(one => one > 0).ToList();
        // A second's worth at once, then one each 200 ms for 10 s.
        Assert.Equal([1, 2, 3, 4, 5], events[..5]);
        Assert.Equal(5 + 50, events.Count);
        Assert.Equal(Enumerable.Range(1, 50).Select(turn => turn * 200L), events[5..]);
        Assert.Equal(10_000, events.Count - _sent.Where(one => one < 0).Sum());
    }

    [Fact]
    public void One_that_waits_goes_out_when_its_turn_has_come()
    {
        var conflation = new Conflation(4, _time);
        Append(conflation, 6, () => Progress("e"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), conflation.UntilNext);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        LetOut(conflation);
        Assert.Equal(TimeSpan.FromMilliseconds(1), conflation.UntilNext);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        LetOut(conflation);

        Assert.Equal([1, 2, 3, 4, -1, 6], _sent);
        Assert.Null(conflation.UntilNext);
    }

    [Fact]
    public void Each_execution_and_log_has_its_turn_however_often_the_others_change()
    {
        var conflation = new Conflation(1, _time);
        for (var step = 0; step < 90; step++)
        {
            Append(conflation, 1, () => Progress("a"));
            Append(conflation, 1, () => Progress("b"));
            Append(conflation, 1, () => Logged("b"));
            _time.Advance(TimeSpan.FromSeconds(1));
            LetOut(conflation);
        }

        var turns = _sent.Where(one => one > 0).GroupBy(one => one % 3).Select(one => one.Count()).ToList();
        Assert.Equal(3, turns.Count);
        Assert.All(turns, count => Assert.InRange(count, 29, 32));
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void Never_left_out_and_never_late(ExecutionEvent fact)
    {
        var conflation = new Conflation(1, _time);
        Append(conflation, 3, () => Progress("e"));
        Append(conflation, 2, () => fact);

        Assert.Equal([1, -1, 3, 4, 5], _sent);
    }

    [Fact]
    public void More_executions_than_can_wait_are_sent_instead_of_forgotten()
    {
        var conflation = new Conflation(1, _time);
        for (var execution = 0; execution <= 101; execution++)
        {
            Append(conflation, 1, () => Progress($"e{execution}"));
        }

        Assert.Equal(Enumerable.Range(1, 102).Select(one => (long)one), _sent);
        Assert.Null(conflation.UntilNext);
    }

    [Fact]
    public void Large_lines_that_wait_take_no_more_memory_than_the_largest_event()
    {
        var conflation = new Conflation(1, _time);
        var line = new string('x', 200_000);
        Append(conflation, 1, () => Progress("a"));
        // One waits alone, whatever its size; a second one doesn't.
        Append(conflation, 3, () => Logged("a", line));
        Assert.Equal([1], _sent);
        Append(conflation, 1, () => Logged("b", line));

        Assert.Equal([1, -2, 4, 5], _sent);
    }

    public static TheoryData<ExecutionEvent> Facts() =>
    [
        Queued("e"), Started("e"), Succeeded("e"), Of(one => one.ExecutionFailed = new ExecutionFailed()),
        Of(one => one.ExecutionCancelled = new ExecutionCancelled()), Of(one => one.StepStarted = new StepStarted()),
        Of(one => one.StepFinished = new StepFinished()), Of(one => one.ErrorRaised = new ErrorRaised()),
        Of(one => one.SummaryUpdated = new SummaryUpdated()), Of(one => one.Custom = new Custom()),
        Of(one => one.LogWritten = new LogWritten { Level = LogLevel.Warn }), Of(one => one.LogWritten = new LogWritten { Level = LogLevel.Fatal }),
    ];

    private static ExecutionEvent Progress(string executionId) => Of(one => one.ProgressReported = new ProgressReported(), executionId);

    private static ExecutionEvent Of(Action<ExecutionEvent> fill, string executionId = "e")
    {
        var made = Event(executionId);
        fill(made);
        return made;
    }

    private void Append(Conflation conflation, int count, Func<ExecutionEvent> next)
    {
        for (; count > 0; count--)
        {
            var stored = new StoredEvent(++_head, next().ToByteArray());
            if (!conflation.TryHold(new EventFrame(_cursors, stored)))
            {
                LetOut(conflation, inAnyCase: true);
                _sent.Add(stored.Position);
            }
        }
    }

    private void LetOut(Conflation conflation, bool inAnyCase = false)
    {
        while (conflation.Take(inAnyCase) is { } next)
        {
            if (next.LeftOut > 0)
            {
                _sent.Add(-next.LeftOut);
            }

            _sent.Add(next.Frame.Position);
        }
    }
}
