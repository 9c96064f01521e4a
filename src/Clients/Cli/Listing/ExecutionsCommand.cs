using System.CommandLine;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Cli.Watching;
using Jobwatch.V1;

namespace Jobwatch.Cli.Listing;

internal static class ExecutionsCommand
{
    private const int StatusColumn = 1;

    internal static Command Build(Option<string?> server)
    {
        var job = new Argument<string>("JOB") { Description = "The job." };
        var labels = new Option<string[]>("--label") { Description = "Only executions with this label; repeatable.", HelpName = "KEY=VALUE" };
        var limit = ListOptions.Limit();
        var output = OutputOption.Build();
        var command = new Command("executions", "Lists a job's executions, newest first.") { job, labels, limit, output };
        command.SetAction(parsed =>
        {
            var jobId = Ids.Check("JOB", parsed.GetRequiredValue(job));
            return Lister.RunAsync<Execution>(
                ServerFinder.Here.Find(parsed.GetValue(server)),
                parsed.GetValue(limit),
                parsed.GetRequiredValue(output),
                async (client, size, token) =>
                {
                    var answer = await client.CallAsync(() => client.Catalog.ListExecutionsAsync(new ListExecutionsRequest
                    {
                        JobId = jobId,
                        PageSize = size,
                        PageToken = token,
                        Labels = { parsed.GetValue(labels) ?? [] },
                    }));
                    return (answer.Executions, answer.NextPageToken);
                },
                ToText);
        });
        return command;
    }

    private static string ToText(IReadOnlyList<Execution> executions, Palette palette)
    {
        if (executions.Count == 0)
            return "No executions.\n";
        var table = new Table("EXECUTION", "STATUS", "ATTEMPT", "STARTED", "TOOK", "EVENTS", "WORKER", "");
        foreach (var execution in executions)
        {
            table.Add(
                execution.ExecutionId,
                Words.Of(execution.Status),
                execution.Attempt.ToString(null, null),
                Words.Time(execution.StartTime ?? execution.CreateTime, TimeProvider.System),
                Took(execution),
                execution.EventCount.ToString(null, null),
                execution.Worker,
                execution.LastError is not null && execution.Status == ExecutionStatus.Failed
                    ? Words.Of(execution.LastError)
                    : execution.Progress is not null && execution.EndTime is null ? Words.Of(execution.Progress) : "");
        }

        return table.ToText(palette, (column, cell) => column == StatusColumn ? Lister.PaintStatus(cell, palette) : cell);
    }

    private static string Took(Execution execution) => execution is { StartTime: { } start, EndTime: { } end }
        ? (end.ToDateTimeOffset() - start.ToDateTimeOffset()) switch
        {
            { TotalSeconds: < 60 } few => $"{few.TotalSeconds:0.0}s",
            { TotalHours: < 1 } some => $"{some.Minutes}m{some.Seconds:00}s",
            var many => $"{(int)many.TotalHours}h{many.Minutes:00}m",
        }
        : "-";
}
