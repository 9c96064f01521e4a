using System.Diagnostics;
using System.Globalization;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Endurance;

/// <summary>
/// A steady flood of one job, some of whose watchers never read, for minutes: whether the servers' memory stays where it is. Not a row: it
/// takes too long for one.
/// </summary>
internal sealed class MemoryFlood(TimeSpan duration)
{
    private const int WatcherCount = 100;
    private const int StalledCount = 20;
    private const int BatchesPerSecond = 200;
    private const int Batch = 10;
    private const int UnderWay = 64;

    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShowInterval = TimeSpan.FromSeconds(30);

    // Before the edge cuts the connections of those who take nothing; several times within the first third, to which the last is compared.
    private static readonly TimeSpan StalledFor = TimeSpan.FromMinutes(1);

    /// <returns>The exit code: 0 if the memory of node and edge is flat.</returns>
    public async Task<int> RunAsync()
    {
        await using var stage = new Stage();
        var jobwatch = new JobwatchServer(stage);
        await stage.AloneAsync(jobwatch);
        var servers = await stage.EdgeAsync();
        MemoryTrack node = new("node", duration), edge = new("edge", duration), postgres = new("postgres", duration);
        var jobs = jobwatch.MakeTopics(1);
        using var watchers = new Watchers(Enumerable.Repeat(() => jobwatch.Watch(jobs[0]), WatcherCount));
        using var stalled = new StalledWatchers(() => jobwatch.Watch(jobs[0]), StalledCount);
        using var enough = new CancellationTokenSource();
        var sending = OwnThread.RunAsync(() => Send(jobwatch, jobs, enough.Token));
        var clock = Stopwatch.StartNew();
        for (var shown = TimeSpan.Zero; clock.Elapsed < duration && !sending.IsCompleted;)
        {
            watchers.ReadFor(ReadInterval);
            node.Add(clock.Elapsed, ProcessMemory.Pss(servers.Node.NodeProcessId), ProcessMemory.Rss(servers.Node.NodeProcessId));
            edge.Add(clock.Elapsed, ProcessMemory.Pss(servers.EdgeProcessId), ProcessMemory.Rss(servers.EdgeProcessId));
            postgres.Add(clock.Elapsed, ProcessMemory.PssOfTree(servers.Node.PostgresProcessId), ProcessMemory.Rss(servers.Node.PostgresProcessId));
            if (clock.Elapsed - shown >= ShowInterval)
            {
                shown = clock.Elapsed;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shown:mm\\:ss}  {watchers.Events:#,0} deliveries  {node}  {edge}  {postgres}"));
            }

            stalled.RenewAfter(StalledFor);
        }

        await enough.CancelAsync();
        watchers.ReadToSum(watchers.ReadWhile(sending) * WatcherCount);
        // PostgreSQL's grows until its own cache is full: shown, not judged.
        Console.WriteLine($"{node.Verdict}\n{edge.Verdict}");
        return node.IsFlat && edge.IsFlat ? 0 : 1;
    }

    private static long Send(JobwatchServer jobwatch, IReadOnlyList<string> jobs, CancellationToken enough)
    {
        using var publisher = jobwatch.Publish(jobs, UnderWay);
        var pace = new Pace(BatchesPerSecond);
        long sent = 0;
        for (; !enough.IsCancellationRequested; sent += Batch)
        {
            publisher.Publish(0, Batch, pace.Next());
        }

        publisher.Finish();
        return sent;
    }
}
