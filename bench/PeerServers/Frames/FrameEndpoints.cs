using System.Buffers;
using System.Globalization;

namespace Jobwatch.Bench.PeerServers.Frames;

/// <summary>A bare endpoint of server-sent events: frames written once, and what waits during a flush goes out with the next one.</summary>
internal static class FrameEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/watch", WatchAsync);
        app.MapPost("/publish", PublishAsync);
        app.MapPost("/flood", StartFloodAsync);
        app.MapDelete("/flood", async (Flood flood) => (await flood.StopAsync()).ToString(CultureInfo.InvariantCulture));
    }

    private static async Task WatchAsync(HttpContext context, FrameLog log)
    {
        context.Response.ContentType = "text/event-stream";
        var body = context.Response.BodyWriter;
        var reader = log.Enter();
        using var left = context.RequestAborted.UnsafeRegister(static reader => ((FrameReader)reader!).Wakeup.Signal(), reader);
        try
        {
            body.Write(":\n\n"u8);
            await body.FlushAsync();
            while (!context.RequestAborted.IsCancellationRequested)
            {
                if (log.TryWrite(reader, body))
                {
                    await body.FlushAsync();
                }
                else
                {
                    await reader.Wakeup.WaitAsync();
                }
            }
        }
        finally
        {
            log.Leave(reader);
        }
    }

    private static async Task PublishAsync(HttpRequest request, FrameLog log)
    {
        await Lines.ReadAsync(request, line =>
        {
            log.Add(FrameOf(line));
            return Task.CompletedTask;
        });
        log.Wake();
    }

    private static async Task StartFloodAsync(HttpRequest request, int window, Flood flood)
    {
        byte[]? frame = null;
        await Lines.ReadAsync(request, line =>
        {
            frame = FrameOf(line);
            return Task.CompletedTask;
        });
        flood.Start(frame!, window);
    }

    private static byte[] FrameOf(ReadOnlySequence<byte> line) => [.. "data: "u8, .. line.ToArray(), .. "\n\n"u8];
}
