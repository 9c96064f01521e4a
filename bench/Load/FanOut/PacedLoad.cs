using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.FanOut;

/// <summary>Watchers of some topics, and a producer that sends one event a request, to one topic after the other, by the clock.</summary>
/// <param name="Topics">How many topics.</param>
/// <param name="WatchersOfEach">How many watchers each of them has.</param>
/// <param name="EventsPerSecond">Events of all topics together.</param>
internal sealed record PacedLoad(int Topics, int WatchersOfEach, int EventsPerSecond)
{
    // As many streams as servers of HTTP/2 allow a connection.
    private const int UnderWay = 100;

    // Connections that have never sent and topics that have never had an event are not what is measured: two events for each, at least.
    private TimeSpan RunIn => TimeSpan.FromSeconds(Math.Max(0.3, 2.0 * Topics / EventsPerSecond));

    public async Task<Measurement> RunAsync(FanOutServer server, TimeSpan duration)
    {
        var topics = server.MakeTopics(Topics);
        using var watchers = new Watchers(topics.SelectMany(topic => Enumerable.Repeat(() => server.Watch(topic), WatchersOfEach)));
        using var enough = new CancellationTokenSource();
        var sending = OwnThread.RunAsync(() => Send(server, topics, enough.Token));
        Latency? latency = null;
        Measurement measured;
        try
        {
            watchers.ReadFor(RunIn);
            var before = watchers.Events;
            measured = await server.Meter.RunAsync(() =>
            {
                latency = watchers.TimeFor(duration);
                return Task.FromResult(watchers.Events - before);
            });
        }
        finally
        {
            await enough.CancelAsync();
        }

        watchers.ReadToSum(watchers.ReadWhile(sending) * WatchersOfEach);
        return measured with { Latency = latency };
    }

    private long Send(FanOutServer server, IReadOnlyList<string> topics, CancellationToken enough)
    {
        using var publisher = server.Publish(topics, UnderWay);
        var pace = new Pace(EventsPerSecond);
        long sent = 0;
        for (; !enough.IsCancellationRequested; sent++)
        {
            publisher.Publish((int)(sent % topics.Count), 1, pace.Next());
        }

        publisher.Finish();
        return sent;
    }
}
