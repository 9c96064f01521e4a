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

    public async Task<Measurement> RunAsync(FanOutServer server, TimeSpan duration) => (await RunAsync(server, duration, rounds: 1))[0];

    /// <summary>Several rounds of the same watchers, one right after the other.</summary>
    public async Task<IReadOnlyList<Measurement>> RunAsync(FanOutServer server, TimeSpan duration, int rounds)
    {
        var topics = server.MakeTopics(Topics);
        using var watchers = new Watchers(topics.SelectMany(topic => Enumerable.Repeat(() => server.Watch(topic), WatchersOfEach)));
        using var enough = new CancellationTokenSource();
        var sending = OwnThread.RunAsync(() => Send(server, topics, enough.Token));
        var measured = new List<Measurement>();
        try
        {
            watchers.ReadFor(RunIn);
            while (measured.Count < rounds)
            {
                Latency? latency = null;
                var round = await server.Meter.RunAsync(() => Task.FromResult((latency = watchers.TimeFor(duration)).Count));
                measured.Add(round with { Latency = latency });
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        watchers.ReadToSum(watchers.ReadWhile(sending) * WatchersOfEach);
        return measured;
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
