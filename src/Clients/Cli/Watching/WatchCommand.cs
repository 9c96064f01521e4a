using System.CommandLine;
using Jobwatch.Cli.Servers;

namespace Jobwatch.Cli.Watching;

internal static class WatchCommand
{
    internal static Command Build(Option<string?> server)
    {
        var jobs = new Argument<string[]>("JOB")
        {
            Description = "The job to watch; several share one stream, and those that aren't there yet join when they come.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var many = new ManyJobsOptions();
        var what = new WatchOptions();
        var output = OutputOption.Build();
        var command = new Command("watch", "Shows the events of a job, or of many, live or past.") { jobs, output };
        foreach (var option in many.All.Concat(what.All))
            command.Add(option);
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(jobs) ?? [];
            var (address, form) = (ServerFinder.Here.Find(parsed.GetValue(server)), parsed.GetRequiredValue(output));
            if (many.IsOfMany(named, parsed))
            {
                var ofMany = many.Request(named, what, parsed);
                return Showing.RunAsync(
                    address, form, (client, cancelled) => client.WatchJobsAsync(ofMany, cancellationToken: cancelled).Select(Shown.Of), isOfMany: true);
            }

            var request = what.Request(named[0], parsed);
            return Showing.RunAsync(
                address, form, (client, cancelled) => client.WatchJobAsync(request, cancellationToken: cancelled).Select(Shown.Of));
        });
        return command;
    }
}
