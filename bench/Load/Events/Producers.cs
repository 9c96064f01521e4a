using System.Diagnostics;
using Google.Protobuf;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>Producers on raw connections, each on a thread of its own. All return the number of acknowledged events.</summary>
internal static class Producers
{
    private const int BeginsUnderWay = 64;
    public const string AppendPath = "/jobwatch.v1.RecordService/AppendEvents";

    /// <summary>Begins the execution that the templates' events belong to.</summary>
    public static void Begin(Uri node, IEnumerable<string> jobs)
    {
        using var calls = new UnaryCalls(node, AppendPath, BeginsUnderWay);
        foreach (var job in jobs)
        {
            calls.Call(Messages.WithPrefix(new AppendEventsRequest { JobId = job, Events = { EventShape.Started() } }.ToByteArray()));
        }

        calls.Await(0);
    }

    /// <summary>Clients that each append batches to their share of the jobs in turn.</summary>
    /// <param name="node">The node.</param>
    /// <param name="jobs">The jobs, begun.</param>
    /// <param name="clients">Clients, each with a connection.</param>
    /// <param name="events">Events of a batch.</param>
    /// <param name="underWay">Unanswered batches of a client, at most.</param>
    /// <param name="goesOn">Whether to send another batch, after so many events of one client and so much time.</param>
    public static Task<long> AppendAsync(
        Uri node, IReadOnlyList<string> jobs, int clients, int events, int underWay, Func<long, TimeSpan, bool> goesOn) => OnThreadsAsync(clients, client =>
    {
        using var calls = new UnaryCalls(node, AppendPath, underWay);
        var templates = jobs.Where((_, i) => i % clients == client).Select(job => new BatchTemplate(job, events)).ToArray();
        var clock = Stopwatch.StartNew();
        var batches = 0;
        for (; goesOn((long)batches * events, clock.Elapsed); batches++)
        {
            calls.Call(templates[batches % templates.Length].Fill());
        }

        calls.Await(0);
        return (long)batches * events;
    });

    /// <summary>The same clients, each by one RecordEvents stream.</summary>
    /// <inheritdoc cref="AppendAsync" path="/param"/>
    public static Task<long> RecordAsync(
        Uri node, IReadOnlyList<string> jobs, int clients, int events, int underWay, Func<long, TimeSpan, bool> goesOn) => OnThreadsAsync(clients, client =>
    {
        using var calls = new RecordCalls(node, underWay);
        var templates = jobs.Where((_, i) => i % clients == client).Select(job => new BatchTemplate(job, events, isOfStream: true)).ToArray();
        var clock = Stopwatch.StartNew();
        var batches = 0;
        for (; goesOn((long)batches * events, clock.Elapsed); batches++)
        {
            calls.Send(templates[batches % templates.Length].FillAt(calls.Next));
        }

        calls.Await(0);
        return (long)batches * events;
    });

    private static async Task<long> OnThreadsAsync(int count, Func<int, long> run)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(i => Task.Factory.StartNew(() => run(i), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return counts.Sum();
    }
}
