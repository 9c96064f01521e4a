using System.CommandLine;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Cli.Watching;
using Jobwatch.V1;

namespace Jobwatch.Cli.Listing;

internal static class JobsCommand
{
    private const int StatusColumn = 1;

    internal static Command Build(Option<string?> server)
    {
        var prefix = new Option<string?>("--prefix") { Description = "Only jobs whose id begins with this.", HelpName = "TEXT" };
        var limit = ListOptions.Limit();
        var output = OutputOption.Build();
        var command = new Command("jobs", "Lists the jobs, newest first.") { prefix, limit, output };
        command.SetAction(parsed => Lister.RunAsync<Job>(
            ServerFinder.Here.Find(parsed.GetValue(server)),
            parsed.GetValue(limit),
            parsed.GetRequiredValue(output),
            async (client, size, token) =>
            {
                var answer = await client.CallAsync(() => client.Catalog.ListJobsAsync(
                    new ListJobsRequest { PageSize = size, PageToken = token, IdPrefix = parsed.GetValue(prefix) ?? "" }));
                return (answer.Jobs, answer.NextPageToken);
            },
            ToText));
        return command;
    }

    private static string ToText(IReadOnlyList<Job> jobs, Palette palette)
    {
        if (jobs.Count == 0)
            return "No jobs yet. Record one: jobwatch run --job NAME -- COMMAND\n";
        var table = new Table("JOB", "LATEST", "EXECUTIONS", "OPEN", "EVENTS", "UPDATED");
        foreach (var job in jobs)
        {
            table.Add(
                job.JobId,
                job.LatestExecution is { } latest ? Words.Of(latest.Status) : "-",
                job.ExecutionCount.ToString(null, null),
                job.OpenExecutionCount.ToString(null, null),
                job.LastPosition.ToString(null, null),
                Words.Time(job.UpdateTime, TimeProvider.System));
        }

        return table.ToText(palette, (column, cell) => column == StatusColumn ? Lister.PaintStatus(cell, palette) : cell);
    }
}
