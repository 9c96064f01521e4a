using System.CommandLine;
using Jobwatch.Cli.Errors;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>The options that make a watch one of many jobs, and the request that they make.</summary>
internal sealed class ManyJobsOptions
{
    private readonly Option<bool> _all = new("--all") { Description = "All jobs, also those that come later." };

    private readonly Option<string[]> _jobsWith = new("--jobs-with")
    {
        Description = "All jobs that have an execution with this label, also those that come later; repeatable, for all of the labels.",
        HelpName = "KEY=VALUE",
    };

    internal IEnumerable<Option> All => [_all, _jobsWith];

    /// <summary>Whether it is of many; fails unless exactly one of jobs, labels and all is given.</summary>
    internal bool IsOfMany(string[] jobs, ParseResult parsed)
    {
        var labels = parsed.GetValue(_jobsWith) ?? [];
        var given = (jobs.Length > 0 ? 1 : 0) + (labels.Length > 0 ? 1 : 0) + (parsed.GetValue(_all) ? 1 : 0);
        return given == 1
            ? jobs.Length != 1
            : throw new CliException(ExitCode.Usage, "Say what to watch by one of: JOB (one or several), --jobs-with KEY=VALUE, or --all.");
    }

    internal WatchJobsRequest Request(string[] jobs, WatchOptions what, ParseResult parsed) => new()
    {
        JobIds = { jobs.Select(job => Ids.Check("JOB", job)) },
        Labels = { parsed.GetValue(_jobsWith) ?? [] },
        Start = what.StartOfMany(parsed),
        Filter = what.Filter(parsed),
        MaxUpdatesPerSecond = what.MaxUpdates(parsed),
        OnTruncated = what.OnTruncated(parsed),
    };
}
