using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Recording;

/// <summary>Whatever breaks, and whenever: each event once, in the order sent, and each batch its own answer.</summary>
public sealed class BrokenRecorderTests
{
    private const int Cases = 40;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_is_broken_anywhere_stores_each_event_once_and_in_order()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            await using var node = await ScriptedNode.StartAsync();
            await using var client = node.Client(options => options.MaxBackoff = TimeSpan.FromMilliseconds(2));
            await RunAsync(seed, node.Records, client);
        }
    }

    private static async Task RunAsync(int seed, ScriptedRecords records, JobwatchClient client)
    {
        var (random, gate) = (new Random(seed), new Lock());
        records.BeforeStoring = records.AfterStoring = (_, context) =>
        {
            lock (gate)
                return BreakAsync(random.Next(30), context);
        };
        var acknowledged = new ConcurrentQueue<string>();
        var batches = new List<(AppendEventsRequest Request, SentBatch Sent)>();
        await using (var stream = client.OpenRecorder())
        {
            var producer = new Random(~seed);
            for (var i = 0; i < 60; i++)
            {
                var request = new AppendEventsRequest
                {
                    JobId = "j",
                    Events = { Enumerable.Range(0, producer.Next(1, 5)).Select(n => new ExecutionEvent { EventId = $"{i}.{n}" }) },
                };
                var sent = await stream.SendAsync(request, Cancelled);
                batches.Add((request, sent));
                _ = sent.Acknowledged.ContinueWith(
                    _ => acknowledged.Enqueue(request.Events[0].EventId), Cancelled, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                if (producer.Next(10) == 0)
                    await sent.Acknowledged.WaitAsync(Deadline, Cancelled);
            }

            await stream.CompleteAsync(Cancelled).WaitAsync(Deadline, Cancelled);
        }

        var ids = batches.SelectMany(batch => batch.Request.Events).Select(one => one.EventId).ToList();
        Assert.True(ids.SequenceEqual(records.Stored.Select(one => one.EventId)), $"seed {seed}");
        foreach (var (request, sent) in batches)
        {
            Assert.Equal(
                request.Events.Select(one => one.EventId),
                (await sent.Acknowledged).Positions.Select(position => ids[(int)position - 1]));
        }
    }

    private static Task BreakAsync(int drawn, ServerCallContext context)
    {
        switch (drawn)
        {
            case 0:
                context.GetHttpContext().Abort();
                throw new IOException("scripted");
            case 1:
                throw new RpcException(new Status(StatusCode.Unavailable, "scripted"));
            case 2:
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, "scripted"));
            default:
                return Task.CompletedTask;
        }
    }
}
