using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>What a caller wants to watch, checked as far as that goes without the store. A replay is a watch of one execution to its end.</summary>
internal sealed record WatchOrder(JobKey Job, StartPoint Start, CompiledFilter Filter)
{
    /// <summary>Where a session after the first goes on; <see cref="Start"/> stays what it was.</summary>
    public SentCursor? Resume { get; private init; }

    /// <summary>Whether to wait for a job or execution that isn't there.</summary>
    public bool AllowMissing { get; private init; }

    /// <summary>Whether the watch ends with executions: <see cref="Targets"/>, or if that is empty those that are open.</summary>
    public bool UntilEnd { get; private init; }

    public IReadOnlyCollection<string> Targets { get; private init; } = [];

    /// <summary>Whether to say a gap where history is truncated and go on, instead of failing.</summary>
    public bool GoOnWhereTruncated { get; private init; }

    /// <summary>To how many updates a second events are thinned out; 0: every event is sent.</summary>
    public int MaxUpdatesPerSecond { get; private init; }

    /// <summary>Whether it is a replay: it has no start but its execution's, and a cursor to go on from.</summary>
    public bool IsReplay { get; private init; }

    /// <summary>How fast a replay goes; null: as fast as the reader reads.</summary>
    public Pace? Pace { get; private init; }

    public static WatchOrder From(WatchJobRequest request, string tenant)
    {
        Identifiers.Require(request.JobId, "job_id");
        var job = new JobKey(tenant, request.JobId);
        var start = StartRules.Parse(request.Start, job);
        var filter = CompiledFilter.Compile(request.Filter);
        string[] first = start is StartPoint.FromExecution from ? [from.ExecutionId] : [];
        return new WatchOrder(job, start, filter)
        {
            Resume = StartRules.ParseResume(request.Start?.ResumeCursor ?? "", "start.resume_cursor", job),
            AllowMissing = request.AllowMissing,
            UntilEnd = request.UntilExecutionEnds,
            Targets = [.. first.Union(filter.ExecutionIds)],
            GoOnWhereTruncated = Truncation.GoesOn(request.OnTruncated),
            MaxUpdatesPerSecond = Conflation.Require(request.MaxUpdatesPerSecond),
        };
    }

    public static WatchOrder From(ReplayExecutionRequest request, string tenant, TimeProvider time)
    {
        Identifiers.Require(request.JobId, "job_id");
        Identifiers.Require(request.ExecutionId, "execution_id");
        if (request.Filter is { ExecutionIds.Count: > 0 })
        {
            throw RpcErrors.InvalidField(
                Reasons.InvalidFilter, "filter.execution_ids", "a replay has one execution, execution_id; leave this empty.");
        }

        var job = new JobKey(tenant, request.JobId);
        var start = new StartPoint.FromExecution(request.ExecutionId);
        return new WatchOrder(job, start, CompiledFilter.Compile(request.Filter).Of(request.ExecutionId))
        {
            Resume = StartRules.ParseResume(request.Cursor, "cursor", job),
            UntilEnd = true,
            Targets = [request.ExecutionId],
            IsReplay = true,
            Pace = Pace.From(request.Speed, request.MaxPause, time),
        };
    }

    /// <summary>Whether a session before this one passed the event at a position.</summary>
    public bool HasPassed(long position) => Resume?.Cursor.Position >= position && Start switch
    {
        StartPoint.FromPosition(var first) => position >= first,
        StartPoint.AfterCursor(var cursor) => position > cursor.Cursor.Position,
        _ => true,
    };
}
