using System.Buffers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Cli.Watching;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Cli.Listing;

internal static class Lister
{
    private const int PageSize = 200;

    /// <summary>Fetches a list by pages and shows it. A <paramref name="fetch"/> is given how many at most, and the page's token.</summary>
    internal static async Task<int> RunAsync<T>(
        ServerAddress server,
        int limit,
        string form,
        Func<JobwatchClient, int, string, Task<(IReadOnlyList<T> Page, string Next)>> fetch,
        Func<IReadOnlyList<T>, Palette, string> toText)
        where T : IMessage
    {
        await using var client = Connection.Open(server, new Outages(_ => { }));
        var all = new List<T>();
        try
        {
            var token = "";
            do
            {
                var (page, next) = await fetch(client, Math.Min(PageSize, limit - all.Count), token);
                all.AddRange(page);
                token = next;
            }
            while (token.Length > 0 && all.Count < limit);
        }
        catch (RpcException refused)
        {
            throw Refusals.Explain(refused, server);
        }

        Print(form == OutputOption.Ndjson ? Lines(all) : Encoding.UTF8.GetBytes(toText(all, Palette.ForOutput)));
        return ExitCode.Ok;
    }

    internal static string PaintStatus(string cell, Palette palette) =>
        Enum.TryParse<ExecutionStatus>(cell.Trim(), ignoreCase: true, out var status) ? Words.Painted(status, palette, cell.Length) : cell;

    private static void Print(ReadOnlySpan<byte> text)
    {
        try
        {
            StandardStream.Output.Write(text);
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }

    private static ReadOnlySpan<byte> Lines<T>(List<T> all)
        where T : IMessage
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var one in all)
        {
            ProtoJson.Write(lines, one);
            lines.Write("\n"u8);
        }

        return lines.WrittenSpan;
    }
}
