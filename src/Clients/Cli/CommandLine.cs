using System.CommandLine;
using System.CommandLine.Help;
using Grpc.Core;
using Jobwatch.Cli.Deleting;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Listing;
using Jobwatch.Cli.Running;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;
using Jobwatch.Cli.Terminal;
using Jobwatch.Cli.Watching;

namespace Jobwatch.Cli;

internal static class CommandLine
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var server = new Option<string?>("--server")
        {
            Description = "The server's gRPC address, of several nodes all with ; between. Default: JOBWATCH_SERVER, else a local server's, else " + ServerAddress.Default + ".",
            HelpName = "URL",
            Recursive = true,
        };
        var root = new RootCommand("Records what jobs do and shows it, live or past.")
        {
            server,
            RunCommand.Build(server),
            FlushCommand.Build(server),
            WatchCommand.Build(server),
            ReplayCommand.Build(server),
            JobsCommand.Build(server),
            ExecutionsCommand.Build(server),
            DeleteCommand.Build(server),
        };

        // No «@file» expansion: a program's arguments are its own.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpAction && Mistakes.Of(parsed) is { } mistake)
        {
            Say.Line(mistake);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CliException known)
        {
            Say.Line(known.Message);
            return known.ExitCode;
        }
        catch (RpcException refused)
        {
            var told = Refusals.Explain(refused, ServerFinder.Here.Find(parsed.GetValue(server)));
            Say.Line(told.Message);
            return told.ExitCode;
        }
        catch (Exception fault)
        {
            Say.Line($"This should not have happened: {fault.GetType().Name}: {Mistakes.OneLine(fault.Message)}");
            return ExitCode.Unexpected;
        }
    }
}
