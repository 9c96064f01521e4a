using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>
/// Watches a job over many sessions: each on any transport, cut anywhere, and gone on from the last cursor that was kept,
/// as a client does that stores its cursor now and then.
/// </summary>
/// <param name="plan">What to do.</param>
/// <param name="start">Where its first session starts.</param>
/// <param name="random">Of its own.</param>
/// <param name="transports">To choose from.</param>
/// <param name="progress">Of the producers.</param>
/// <param name="head">The cursor behind the job's last event, once no more will come.</param>
/// <param name="breaksExpected">Servers are killed.</param>
internal sealed class Watcher(
    WatchPlan plan,
    DrawnStart start,
    Random random,
    IReadOnlyList<Transport> transports,
    Progress progress,
    Task<string> head,
    bool breaksExpected)
{
    private readonly List<KeptMessage> _kept = [];
    private readonly List<(EventFilter Filter, SessionRules Rules)> _sessions = [];
    private EventFilter _filter = plan.Filter;

    public WatchPlan Plan => plan;

    public DrawnStart Start => start;

    public IReadOnlyList<KeptMessage> Kept => _kept;

    /// <summary>All sessions, also what was forgotten of them.</summary>
    public IReadOnlyList<(EventFilter Filter, SessionRules Rules)> Sessions => _sessions;

    /// <summary>Done when it has seen everything up to the head, or the end of its executions.</summary>
    public async Task RunAsync(TimeSpan deadline)
    {
        try
        {
            await Eventually.TrueAsync(RunSessionAsync, deadline, "a watcher saw everything");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{this} did not see everything.", late);
        }
    }

    public override string ToString() =>
        $"the watcher of {plan.JobId} from {start.Start} with {plan.Filter} then {_filter} "
        + $"after {_sessions.Count} sessions, at {_kept.LastOrDefault()}";

    private async Task<bool> RunSessionAsync(CancellationToken cancel)
    {
        ForgetSome();
        var transport = random.Pick(transports);
        try
        {
            return await FollowAsync(transport, cancel);
        }
        catch (Exception failure) when (breaksExpected && Breaks.IsBreak(failure))
        {
            return false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"On {transport}, {this}: {failure.Message}", failure);
        }
    }

    private async Task<bool> FollowAsync(Transport transport, CancellationToken cancel)
    {
        var request = Request();
        var rules = new SessionRules(mayBeginWithSnapshot: _kept.Count == 0 && start.After is null, mayResume: breaksExpected);
        _sessions.Add((_filter, rules));
        int patience = head.IsCompleted && random.Chance(0.5) ? int.MaxValue : random.Next(0, 80);
        int pauseAfter = random.Chance(0.3) ? random.Next(patience) : -1;
        double pauseUntil = random.NextDouble();
        await using var session = await transport.OpenAsync(request, cancel);
        // The cursor of a job that wasn't there yet has another name once it is there.
        string? expectedStart = _kept.Any(kept => kept.Message.Event is not null) ? _kept[^1].Message.Cursor : session.StartedFrom;
        if (patience == 0)
            return false;
        await foreach (var message in session.Messages)
        {
            // Not before there is a message: a refusal has no start.
            Assert.Equal(expectedStart, session.StartedFrom);
            rules.Take(message);
            _kept.Add(new KeptMessage(message, _filter));
            if (!plan.UntilEnd && head.IsCompletedSuccessfully && message.Cursor == await head)
                return true;
            if (rules.Messages.Count >= patience)
                return false;
            // The watcher stops reading, and everything waits behind it.
            if (rules.Messages.Count == pauseAfter)
                await progress.ReachAsync(pauseUntil).WaitAsync(cancel);
        }
        bool drained = rules.Messages is [.., { Draining: not null }];
        Assert.True(plan.UntilEnd || (drained && breaksExpected), "The stream ended well, and nobody had asked for an end");
        Assert.True(session.NothingLeft == (rules.Messages.Count == 0), "Nothing came, and nothing was said of it");
        return plan.UntilEnd && !drained;
    }

    private WatchJobRequest Request() => new()
    {
        JobId = plan.JobId,
        Start = _kept.Count == 0 ? start.Start : GoingOn(_kept[^1].Message.Cursor),
        Filter = _filter,
        AllowMissing = true,
        UntilExecutionEnds = plan.UntilEnd,
    };

    // With what the first session said, or with the cursor alone, which is as good where the watch has no end of its own.
    private WatchStart GoingOn(string cursor) => plan.UntilEnd || random.Chance(0.5)
        ? new WatchStart(start.Start) { ResumeCursor = cursor }
        : new WatchStart { Cursor = cursor };

    private void ForgetSome()
    {
        int forgotten = random.Chance(0.3) ? Math.Min(_kept.Count, random.Next(20)) : 0;
        _kept.RemoveRange(_kept.Count - forgotten, forgotten);
        _filter = _kept.Count == 0 ? plan.Filter : _kept[^1].Filter;
        // A cursor doesn't bind the filter. Where the change took place is known when the last message was an event.
        if (!plan.UntilEnd && _kept is [.., { Message.Event: not null }] && random.Chance(0.1))
            _filter = RandomFilters.Draw(random, []);
    }
}
