using System.Diagnostics;
using Google.Protobuf;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>Producers on raw connections, each on a thread of its own. All return the number of acknowledged events.</summary>
internal static class Producers
{
    public const string AppendPath = "/jobwatch.v1.RecordService/AppendEvents";

    /// <summary>Begins the execution that the templates' events belong to.</summary>
    public static void Begin(Uri node, IEnumerable<string> jobs)
    {
        using var calls = new UnaryCalls(node, AppendPath);
        foreach (var job in jobs)
        {
            calls.Call(Messages.WithPrefix(new AppendEventsRequest { JobId = job, Events = { EventShape.Started() } }.ToByteArray()));
        }
    }

    /// <summary>A client a job, each with one event a request and one request at a time.</summary>
    public static Task<long> OneByOneAsync(Uri node, IReadOnlyList<string> jobs, TimeSpan duration) => OnThreadsAsync(jobs.Count, client =>
    {
        using var calls = new UnaryCalls(node, AppendPath);
        var template = BatchTemplate.OfAppend(jobs[client], events: 1);
        var clock = Stopwatch.StartNew();
        long count = 0;
        for (; clock.Elapsed < duration; count++)
        {
            calls.Call(template.Fill());
        }

        return count;
    });

    /// <summary>
    /// Clients that send batches ahead of their answers, each to its share of the jobs in turn.
    /// </summary>
    public static Task<long> PipelinedAsync(
        Uri node, IReadOnlyList<string> jobs, int clients, int events, int underWay, Func<long, TimeSpan, bool> goesOn) => OnThreadsAsync(clients, client =>
    {
        using var record = new RecordStream(node, underWay);
        var templates = jobs.Where((_, i) => i % clients == client).Select(job => BatchTemplate.OfRecord(job, events)).ToArray();
        var clock = Stopwatch.StartNew();
        while (goesOn((long)record.Sent * events, clock.Elapsed))
        {
            record.Send(templates[record.Sent % templates.Length].Fill(record.Sent + 1));
        }

        record.Drain();
        return (long)record.Sent * events;
    });

    private static async Task<long> OnThreadsAsync(int count, Func<int, long> run)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(i => Task.Factory.StartNew(() => run(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return counts.Sum();
    }
}
