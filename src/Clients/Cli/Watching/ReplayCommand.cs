using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

internal static class ReplayCommand
{
    private const double MostSeconds = 86_400;

    internal static Command Build(Option<string?> server)
    {
        var job = new Argument<string>("JOB") { Description = "The job." };
        var execution = new Argument<string>("EXECUTION") { Description = "The execution; one that still runs is followed to its end." };
        var speed = new Option<double>("--speed")
        {
            Description = "1 is the pace at which it happened, 2 twice as fast, up to 1000; 0, the default: as fast as can be.",
            HelpName = "FACTOR",
            CustomParser = given => Numbers.Amount(given, 1000, ""),
        };
        var maxPause = new Option<double>("--max-pause")
        {
            Description = "With --speed: no pause is longer than this. Default: 5.",
            HelpName = "SECONDS",
            CustomParser = given => Numbers.Amount(given, MostSeconds, " seconds"),
        };
        var from = new Option<string?>("--from")
        {
            Description = "Goes on after this cursor. Default: the execution's first event.",
            HelpName = "CURSOR",
        };
        var output = OutputOption.Build();
        var command = new Command("replay", "Shows one execution from its first event to its end.") { job, execution, from, speed, maxPause, output };
        command.SetAction(parsed =>
        {
            var request = new ReplayExecutionRequest
            {
                JobId = Ids.Check("JOB", parsed.GetRequiredValue(job)),
                ExecutionId = Ids.Check("EXECUTION", parsed.GetRequiredValue(execution)),
                Cursor = parsed.GetValue(from) ?? "",
                Speed = parsed.GetValue(speed),
                MaxPause = parsed.GetResult(maxPause) is null ? null : Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(maxPause))),
            };
            return Showing.RunAsync(
                ServerFinder.Here.Find(parsed.GetValue(server)),
                parsed.GetRequiredValue(output),
                (client, cancelled) => client.ReplayExecutionAsync(request, cancellationToken: cancelled).Select(Shown.Of));
        });
        return command;
    }
}
