using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.FanOut;

/// <summary>Many watchers of one topic, and a producer that sends all that they take.</summary>
internal static class Flood
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(2);

    public static async Task<Measurement> RunAsync(FanOutServer server, int watcherCount, TimeSpan duration)
    {
        var topic = server.MakeTopics(1)[0];
        using var watchers = new Watchers(Enumerable.Repeat(() => server.Watch(topic), watcherCount)) { Rest = Rest };
        using var enough = new CancellationTokenSource();
        var flood = server.FloodAsync(topic, watchers, enough.Token);
        Measurement measured;
        try
        {
            // The first events find connections that have never sent, and code that was never run.
            watchers.ReadTo(server.Window / 4);
            measured = await server.Meter.RunAsync(() => Task.FromResult(watchers.CountFor(duration)));
        }
        finally
        {
            await enough.CancelAsync();
        }

        watchers.ReadToSum(watchers.ReadWhile(flood) * watcherCount);
        return measured;
    }
}
