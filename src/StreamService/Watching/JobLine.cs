using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// One job of a watch of many. It has a log that it follows, or waits for one. Its watch has it to itself, but while a question
/// is under way: then whoever answers has.
/// </summary>
internal sealed class JobLine : IDisposable
{
    public JobLine(JobKey job, ReadyLines ready)
    {
        Job = job;
        Bell = new LineBell(this, ready);
    }

    public JobKey Job { get; }

    /// <summary>What its log rings.</summary>
    public LineBell Bell { get; }

    /// <summary>For <see cref="ReadyLines"/>.</summary>
    public bool IsReady { get; set; }

    /// <summary>While there is no such job.</summary>
    public MissingJob? Awaited { get; set; }

    public LogFollower? Log { get; private set; }

    public CursorMark? Mark { get; private set; }

    public LabelSelection? Labels { get; private set; }

    /// <summary>Thins it out; null where every event is sent.</summary>
    public Conflation? Conflation { get; private set; }

    /// <summary>Whether its snapshot comes before its events.</summary>
    public bool AwaitsSnapshot => Mark?.Position == JobsCursor.BeforeSnapshot;

    /// <summary>Whether its history is done.</summary>
    public bool IsLive { get; set; }

    public PageTurn Turn { get; set; }

    /// <summary>A question to the store that is under way.</summary>
    public Task? Asked { get; set; }

    /// <summary>An answer: how far the log's history was truncated, where it has nothing at the next position; -1 where the log is gone; else 0.</summary>
    public long Floor { get; set; }

    /// <summary>An answer: the log of the job that was awaited.</summary>
    public FollowedLog? Found { get; set; }

    /// <summary>Begins to tell a log.</summary>
    public void Begin(LogFollower log, CursorMark mark, Conflation? conflation)
    {
        (Log, Mark, Conflation) = (log, mark, conflation);
        log.ReadsAhead = false;
        log.MoveTo(Math.Max(mark.Position, 0) + 1);
    }

    /// <summary>Forgets what it learnt of executions.</summary>
    public void Decide(LabelSelection labels) => Labels = labels;

    /// <summary>Lets go of the log.</summary>
    public void End()
    {
        Log?.Dispose();
        (Log, Mark, Labels, Conflation, Floor) = (null, null, null, null, 0);
    }

    public void Dispose()
    {
        Log?.Dispose();
        Awaited?.Dispose();
        Found?.Follower.Dispose();
    }
}
