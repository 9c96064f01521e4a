using System.Threading.Channels;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Commits appends one group after the other: whatever came in while a commit was under way makes up the next one, so
/// a lone append waits for nothing and many share one fsync. Appends of one job are always in the same lane, in their order.
/// </summary>
internal sealed class CommitLane(
    JournalDatabase database, CommitFeed feed, JournalOptions options, TimeProvider time, JournalMetrics metrics, ILogger<CommitLane> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly LogMemory _memory = new();
    private readonly CommitWrites _writes = new();
    private long _failures;

    // An idle lane goes on where the append comes in, up to its first wait for PostgreSQL: one change of threads less.
    private readonly Channel<PendingAppend> _waiting = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(options.WaitingAppends) { SingleReader = true, AllowSynchronousContinuations = true });

    public bool TryAdd(PendingAppend append) => _waiting.Writer.TryWrite(append);

    /// <summary>Takes no more appends; <see cref="RunAsync"/> ends when those that wait are done.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellation))
        {
            await CommitAsync(TakeGroup(), cancellation);
        }
    }

    private List<PendingAppend> TakeGroup()
    {
        var group = new List<PendingAppend>();
        var (events, bytes) = (0, 0);
        while (_waiting.Reader.TryPeek(out var next)
            && (group.Count == 0 || (events + next.Keys.Length <= options.GroupEvents && bytes + next.Bytes <= options.GroupBytes)))
        {
            _waiting.Reader.TryRead(out _);
            if (next.IsAbandoned)
            {
                next.Abandon();
                continue;
            }

            group.Add(next);
            events += next.Keys.Length;
            bytes += next.Bytes;
        }

        return group;
    }

    // A commit whose reply was lost is simply run again: what it stored is found by its keys.
    private async Task CommitAsync(List<PendingAppend> group, CancellationToken cancellation)
    {
        var trust = true;
        while (group.Count > 0)
        {
            try
            {
                if (await TryCommitAsync(group, trust, cancellation))
                {
                    return;
                }

                trust = false;
            }
            catch (Exception error) when (cancellation.IsCancellationRequested)
            {
                group.ForEach(append => append.Fail(new StoreUnavailableException("The server is stopping.", error)));
                return;
            }
            catch (Exception error) when (error is LogVanishedException || StoreFaults.IsAway(error))
            {
                Log.CommitFailed(logger, group.Count, error);
                metrics.CommitFailed();
                database.NoteFailure();
                group = FailOverdue(group, error);
                await Task.Delay(RetryDelay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (trust)
            {
                // Somebody else appended to a remembered log, or an event is there already: what is read under the lock tells.
                trust = false;
            }
            catch (Exception error) when (group.Count > 1)
            {
                // Something in the group is more than the store takes. Alone, each harms only itself.
                Log.GroupSplit(logger, group.Count, error);
                foreach (var append in group)
                {
                    await CommitAsync(LeaveOutAbandoned([append]), cancellation);
                }

                return;
            }
            catch (Exception error)
            {
                group[0].Fail(error);
                return;
            }
        }
    }

    private async Task<bool> TryCommitAsync(List<PendingAppend> group, bool trust, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var failuresBefore = database.Failures;
        var (commit, outcomes) = await database.UseAsync(connection => WriteAsync(connection, group, trust, cancellation), cancellation);
        if (outcomes is null)
        {
            return false;
        }

        var events = 0;
        foreach (var log in commit.Logs)
        {
            if (log.Added.Count > 0)
            {
                feed.Publish(new CommittedEvents(log.Log, log.Added, failuresBefore));
                events += log.Added.Count;
            }
        }

        metrics.Committed(group.Count, events, time.GetElapsedTime(started));
        for (var i = 0; i < outcomes.Length; i++)
        {
            group[i].Complete(outcomes[i]);
        }

        return true;
    }

    private async Task<(GroupCommit Commit, AppendOutcome[]? Outcomes)> WriteAsync(
        NpgsqlConnection connection, List<PendingAppend> group, bool trust, CancellationToken cancellation)
    {
        AppendOutcome[]? outcomes = null;
        ForgetAfterFailure();
        var commit = new GroupCommit(connection, group, _memory, _writes, StoreTime.Now(time));
        try
        {
            outcomes = await commit.RunAsync(trust, cancellation);
            return (commit, outcomes);
        }
        finally
        {
            if (outcomes is null)
            {
                await RollBackAsync(connection);
            }
        }
    }

    // The guard of what is remembered is the log's head, and a standby that took over may have come to the same head by other events.
    private void ForgetAfterFailure()
    {
        if (database.Failures is var failures && failures != _failures)
        {
            _failures = failures;
            _memory.Clear();
        }
    }

    // The pool would hand the connection on inside the failed transaction: its resets are switched off.
    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("ROLLBACK", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or IOException)
        {
            // A connection that can't roll back is broken, and the pool drops it.
        }
    }

    private List<PendingAppend> FailOverdue(List<PendingAppend> group, Exception error)
    {
        var now = time.GetUtcNow();
        foreach (var overdue in group.Where(append => append.Deadline <= now))
        {
            overdue.Fail(new StoreUnavailableException(
                $"PostgreSQL has not taken the append for {options.RetryFor.TotalSeconds:0.#} s.", error));
        }

        return LeaveOutAbandoned(group.Where(append => append.Deadline > now));
    }

    private static List<PendingAppend> LeaveOutAbandoned(IEnumerable<PendingAppend> group)
    {
        var left = new List<PendingAppend>();
        foreach (var append in group)
        {
            if (append.IsAbandoned)
            {
                append.Abandon();
            }
            else
            {
                left.Add(append);
            }
        }

        return left;
    }
}
