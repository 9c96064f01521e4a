using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Filters;
using Jobwatch.V1;
using Start = Jobwatch.V1.WatchStart.FromOneofCase;

namespace Jobwatch.StreamService.Watching;

/// <summary>What a caller wants to watch of many jobs, checked as far as that goes without the store.</summary>
internal sealed record JobsOrder(string Tenant, CompiledFilter Filter)
{
    /// <summary>The jobs, where they are named; none: those that the labels select.</summary>
    public IReadOnlyList<string> JobIds { get; private init; } = [];

    /// <summary>What an execution of a job has to carry for the job to be watched; none: all jobs.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; private init; } = [];

    /// <summary>Whether the first session begins with the oldest events; else with snapshots.</summary>
    public bool FromBeginning { get; private init; }

    /// <summary>Where the session before stood; null for the first one.</summary>
    public IReadOnlyList<JobsCursorEntry>? Resume { get; private init; }

    /// <summary>The field that it came in.</summary>
    public string ResumeField { get; private init; } = "";

    /// <summary>Whether to say a gap where history is truncated and go on, instead of failing.</summary>
    public bool GoOnWhereTruncated { get; private init; }

    /// <summary>How many updates a second are sent of each job; 0 for every event.</summary>
    public int MaxUpdatesPerSecond { get; private init; }

    public static JobsOrder From(WatchJobsRequest request, string tenant)
    {
        var start = request.Start ?? new WatchStart();
        StartRules.RequireOfManyJobs(start);
        var field = start.ResumeCursor.Length > 0 ? "start.resume_cursor" : start.FromCase == Start.Cursor ? "start.cursor" : "";
        var token = start.ResumeCursor.Length > 0 ? start.ResumeCursor : start.Cursor;
        return new JobsOrder(tenant, CompiledFilter.Compile(request.Filter))
        {
            JobIds = SelectionRules.JobIds(request),
            Labels = SelectionRules.Labels(request),
            FromBeginning = start.FromCase == Start.Beginning,
            Resume = field.Length == 0 ? null : JobsCursorRules.Parse(token, field, tenant),
            ResumeField = field,
            GoOnWhereTruncated = Truncation.GoesOn(request.OnTruncated),
            MaxUpdatesPerSecond = Conflation.Require(request.MaxUpdatesPerSecond),
        };
    }
}
