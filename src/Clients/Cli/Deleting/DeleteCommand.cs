using System.CommandLine;
using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Deleting;

internal static class DeleteCommand
{
    internal static Command Build(Option<string?> server)
    {
        var job = new Argument<string>("JOB") { Description = "The job." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var command = new Command("delete", "Deletes a job with its executions and events, for good.") { job, yes };
        command.SetAction(parsed => RunAsync(
            Ids.Check("JOB", parsed.GetRequiredValue(job)), parsed.GetValue(yes), ServerFinder.Here.Find(parsed.GetValue(server))));
        return command;
    }

    private static async Task<int> RunAsync(string job, bool isConfirmed, ServerAddress server)
    {
        if (!isConfirmed && !await IsConfirmedAsync(job, server))
        {
            Say.Line("Nothing was deleted.");
            return ExitCode.Refused;
        }

        await using var client = Connection.Open(server, new Outages(_ => { }));
        try
        {
            await client.CallAsync(() => client.Catalog.DeleteJobAsync(new DeleteJobRequest { JobId = job }));
        }
        catch (RpcException refused)
        {
            throw Refusals.Explain(refused, server);
        }

        Say.Line($"Deleted the job '{job}'.");
        return ExitCode.Ok;
    }

    // Whoever pipes something in may not know that it is an answer: the job's name is one that nothing gives by chance.
    private static async Task<bool> IsConfirmedAsync(string job, ServerAddress server)
    {
        using var stop = new StopSignals();
        Say.Line($"This deletes the job '{job}' at {server} with all of its executions and events, for good. Its name again to go on:");
        try
        {
            // Reading can't be stopped; the process ends without it.
            return (await Task.Run(Console.In.ReadLine).WaitAsync(stop.Token))?.Trim() == job;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return false;
        }
    }
}
