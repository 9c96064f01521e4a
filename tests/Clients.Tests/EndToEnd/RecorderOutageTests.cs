using Jobwatch.Client;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>A recorder of the .NET client over a node that is killed and stopped.</summary>
public sealed class RecorderOutageTests : CliFixture
{
    private const int BatchesBetween = 300;
    private const string Job = "j";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_event_is_stored_once_and_in_order_over_kills_and_restarts()
    {
        await using var recorder = Client.OpenRecorder();
        var sent = new List<SentBatch> { await recorder.SendAsync(Batch(new ExecutionEvent { ExecutionStarted = new ExecutionStarted() }), Cancelled) };
        using var enough = new CancellationTokenSource();
        var sending = SendAsync(recorder, sent, enough.Token);
        foreach (var clean in new[] { false, true, false })
        {
            var reached = Count(sent) + BatchesBetween;
            await Eventually.TrueAsync(() => Count(sent) >= reached, TimeSpan.FromSeconds(60), $"{reached} batches are sent");
            await (clean ? Node.StopAsync() : Node.KillAsync());
            await Node.StartAsync();
        }

        await enough.CancelAsync();
        var batches = await sending;
        await recorder.CompleteAsync(Cancelled);
        var answers = await Task.WhenAll(sent.Select(batch => batch.Acknowledged));
        Assert.Equal(Enumerable.Range(1, 1 + (2 * batches)).Select(i => (long)i), answers.SelectMany(answer => answer.Positions));
        Assert.Equal(Enumerable.Range(0, 2 * batches).Select(i => $"{i}"), await LinesAsync(Job));
    }

    private static async Task<int> SendAsync(EventRecorder recorder, List<SentBatch> sent, CancellationToken enough)
    {
        var i = 0;
        for (; !enough.IsCancellationRequested; i++)
        {
            var batch = await recorder.SendAsync(Batch(Line(2 * i), Line((2 * i) + 1)), Cancelled);
            lock (sent)
                sent.Add(batch);
        }

        return i;
    }

    private static int Count(List<SentBatch> sent)
    {
        lock (sent)
            return sent.Count;
    }

    private static ExecutionEvent Line(int number) => new() { LogWritten = new LogWritten { Text = $"{number}" } };

    private static AppendEventsRequest Batch(params ExecutionEvent[] events)
    {
        foreach (var one in events)
            one.ExecutionId = "e";
        return new AppendEventsRequest { JobId = Job, Events = { events } };
    }
}
