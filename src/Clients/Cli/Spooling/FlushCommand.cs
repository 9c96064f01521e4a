using System.CommandLine;
using Jobwatch.Cli.Terminal;

namespace Jobwatch.Cli.Spooling;

internal static class FlushCommand
{
    internal static Command Build(Option<string?> server)
    {
        var folder = new Option<string?>("--spool") { Description = "The folder of the spools.", HelpName = "DIR" };
        var command = new Command("flush", "Sends what earlier runs could not send.") { folder };
        command.SetAction(async parsed =>
        {
            using var stop = new StopSignals();
            var flushing = new Flushing(parsed.GetValue(server), TimeProvider.System);
            return await flushing.RunAsync(SpoolFolder.Choose(parsed.GetValue(folder)), stop.Token);
        });
        return command;
    }
}
