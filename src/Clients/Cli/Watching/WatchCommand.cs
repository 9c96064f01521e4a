using System.CommandLine;
using Jobwatch.Cli.Servers;

namespace Jobwatch.Cli.Watching;

internal static class WatchCommand
{
    internal static Command Build(Option<string?> server)
    {
        var job = new Argument<string>("JOB") { Description = "The job to watch." };
        var what = new WatchOptions();
        var output = OutputOption.Build();
        var command = new Command("watch", "Shows a job's events, live or past.") { job, output };
        foreach (var option in what.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var request = what.Request(parsed.GetRequiredValue(job), parsed);
            return Showing.RunAsync(
                ServerFinder.Here.Find(parsed.GetValue(server)),
                parsed.GetRequiredValue(output),
                (client, cancelled) => client.WatchJobAsync(request, cancellationToken: cancelled).Select(Shown.Of));
        });
        return command;
    }
}
