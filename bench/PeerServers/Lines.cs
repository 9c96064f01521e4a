using System.Buffers;

namespace Jobwatch.Bench.PeerServers;

/// <summary>Reads a request that carries an event on each line.</summary>
internal static class Lines
{
    public static async Task ReadAsync(HttpRequest request, Func<ReadOnlySequence<byte>, Task> take)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                await take(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            body.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
