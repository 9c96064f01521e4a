using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Filters;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>Reads which jobs a watch of many is of, and says what is wrong with that.</summary>
internal static class SelectionRules
{
    private const int MaxLabels = 16;

    public static IReadOnlyList<string> JobIds(WatchJobsRequest request)
    {
        if (request.JobIds.Count > JobsCursor.MaxJobs)
        {
            throw RpcErrors.InvalidField(
                Reasons.InvalidField, "job_ids",
                $"it has {request.JobIds.Count} entries; at most {JobsCursor.MaxJobs} are allowed: watch the others on another stream.");
        }

        for (var i = 0; i < request.JobIds.Count; i++)
        {
            Identifiers.Require(request.JobIds[i], $"job_ids[{i}]");
        }

        return [.. request.JobIds.Distinct(StringComparer.Ordinal)];
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Labels(WatchJobsRequest request)
    {
        if (request.Labels.Count > 0 && request.JobIds.Count > 0)
        {
            throw RpcErrors.InvalidField(
                Reasons.InvalidField, "labels", "jobs are named in job_ids already; name jobs or labels, not both. filter.labels selects among a job's executions.");
        }

        if (request.Labels.Count > MaxLabels)
        {
            throw RpcErrors.InvalidField(
                Reasons.InvalidField, "labels", $"it has {request.Labels.Count} entries; at most {MaxLabels} are allowed.");
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Labels.Count; i++)
        {
            FilterRules.CheckLabel(request.Labels[i], $"labels[{i}]");
            var (key, value) = FilterRules.SplitLabel(request.Labels[i]);
            if (!labels.TryAdd(key, value) && labels[key] != value)
            {
                throw RpcErrors.InvalidField(
                    Reasons.InvalidField, $"labels[{i}]", $"'{Shown.Text(key)}' is asked for with two values, which no execution carries; leave one out.");
            }
        }

        return [.. labels];
    }

    /// <summary>RESOURCE_EXHAUSTED: more jobs are selected than one stream can have.</summary>
    public static Grpc.Core.RpcException TooManyJobs(JobsOrder order) => RpcErrors.ResourceExhausted(
        Reasons.TooManyJobs,
        order.Labels.Count == 0
            ? $"More than {JobsCursor.MaxJobs} jobs are selected, which is what one stream can have: name the jobs or their labels, on several streams."
            : $"More than {JobsCursor.MaxJobs} jobs are selected, or {Live.JobSelections.MaxSearched} had to be searched for these labels: name the jobs, on several streams.",
        retryAfter: null);
}
