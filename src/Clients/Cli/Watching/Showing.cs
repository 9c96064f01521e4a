using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Client;

namespace Jobwatch.Cli.Watching;

/// <summary>Shows a stream until it ends, the user stops it, or nobody reads any more.</summary>
internal static class Showing
{
    internal static async Task<int> RunAsync(
        ServerAddress server, string form, Func<JobwatchClient, CancellationToken, IAsyncEnumerable<Shown>> open, bool isOfMany = false)
    {
        using var stop = new StopSignals();
        var printer = OutputOption.Printer(form, isOfMany);
        var outages = new Outages(reason => Say.Line($"{server.Away(reason)}: trying until it does; Ctrl-C stops."));
        await using var client = Connection.Open(server, outages);
        try
        {
            await ShowAsync(open(client, stop.Token), printer, outages, stop);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Asked for.
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
        catch (RpcException refused)
        {
            throw Refusals.Explain(refused, server);
        }

        return ExitCode.Ok;
    }

    private static async Task ShowAsync(IAsyncEnumerable<Shown> messages, EventPrinter printer, Outages outages, StopSignals stop)
    {
        await using var reader = messages.GetAsyncEnumerator();
        while (true)
        {
            var next = reader.MoveNextAsync();
            // Only when nothing more is there: showing each event by itself would cost a write each.
            if (!next.IsCompletedSuccessfully && !TryFlush(printer))
                stop.Stop();
            if (!await next)
            {
                printer.Flush();
                return;
            }

            outages.Over();
            if (reader.Current.Event is { } happened)
                printer.Event(happened);
            else if (reader.Current.Snapshot is { } snapshot)
                printer.Snapshot(snapshot);
            else if (reader.Current.Conflated is { } conflated)
                printer.LeftOut(conflated);
            else if (reader.Current.Gap is { } gap)
                Say.Line(Words.Of(gap, reader.Current.JobId));
            else if (StandardStream.Output.IsBroken)
                return;
        }
    }

    // A failure is not thrown here: the stream's next step is under way, and has to end first.
    private static bool TryFlush(EventPrinter printer)
    {
        try
        {
            printer.Flush();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
