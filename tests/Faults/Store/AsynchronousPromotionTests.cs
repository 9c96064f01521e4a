using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;
using Jobwatch.Testing.Oracle;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>A standby that was behind takes over: acknowledged events are gone, which nobody can help, and everybody is told.</summary>
[Collection(nameof(OneSite))]
public sealed class AsynchronousPromotionTests(ITestOutputHelper output)
{
    private const string Job = "job";
    private const string Reason = "CURSOR_BEYOND_HEAD";
    private const int Replicated = 100;
    private const int Lost = 50;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_saw_what_is_lost_is_told_so_and_the_others_go_on()
    {
        await using var site = await Site.StartAsync();
        var primary = site.Cluster;
        await using var replication = new TcpProxy(primary.Socket);
        var standby = await primary.StartStandbyAsync($"host=127.0.0.1 port={replication.Port}");
        site.Owned.Add(primary);
        var worker = new Worker(site.Callers[0].Records, Job);
        await worker.StartAsync();
        await worker.LogAsync(Replicated - 1);
        await Scene.HappensAsync(
            async () => await primary.ExecuteAsync("SELECT replay_lsn >= pg_current_wal_lsn() FROM pg_stat_replication") is true, "the standby has it all");
        string kept = await HeadAsync(site);

        replication.IsHalfOpen = true;
        await worker.LogAsync(Lost);
        List<Tail> tails = [.. site.Callers.SelectMany(TransportsOf).Select(transport => new Tail(transport, Job))];
        var leave = TestContext.Current.CancellationToken;
        var watching = tails.Select(tail => tail.ReadToTheEndAsync(leave)).ToList();
        await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(Replicated + Lost)));
        await primary.KillAsync();
        await standby.ExecuteAsync("SELECT pg_promote()");
        site.MoveTo(standby);
        Scene.Happened(replication.Swallowed > 0, "the standby got everything");

        // Whoever watches is told, and whoever comes back with a cursor from before.
        foreach (var (tail, told) in tails.Zip(watching))
        {
            AssertSaid(await Assert.ThrowsAnyAsync<Exception>(() => told.WaitAsync(Soon, leave)));
            AssertSaid(await Assert.ThrowsAnyAsync<Exception>(() => tail.ReadToTheEndAsync(leave).WaitAsync(Soon, leave)));
        }
        await AssertGoesOnAsync(site, worker, kept);
        output.WriteLine($"{Lost} of {Replicated + Lost} acknowledged events lost; {tails.Count} watchers and their cursors told so");
    }

    private static async Task<string> HeadAsync(Site site) =>
        (await site.Callers[1].Catalog.GetJobAsync(new GetJobRequest { JobId = Job })).Job.Cursor;

    private static async Task AssertGoesOnAsync(Site site, Worker worker, string kept)
    {
        long position = (await Breaks.OutliveAsync(_ => worker.LogAsync(), isExpected: true)).Positions[0];
        Assert.Equal(Replicated + 1, position);
        var log = await StoredLog.ReadAsync(site.ConnectionString, Site.Tenant, Job);
        foreach (var transport in site.Callers.SelectMany(TransportsOf))
        {
            Assert.Equal(log, await ReadAsync(transport, new WatchStart { Beginning = true }, log.Count));
            Assert.Equal(log.Skip(Replicated), await ReadAsync(transport, new WatchStart { Cursor = kept }, log.Count));
        }
    }

    private static async Task<List<ExecutionEvent>> ReadAsync(Transport transport, WatchStart start, long upTo)
    {
        using var patience = new CancellationTokenSource(Soon);
        await using var session = await transport.OpenAsync(new WatchJobRequest { JobId = Job, Start = start }, patience.Token);
        var seen = new List<ExecutionEvent>();
        await foreach (var message in session.Messages.WithCancellation(patience.Token))
        {
            if (message.Event is { } item)
                seen.Add(item);
            if (message.Event?.Position == upTo)
                break;
        }
        return seen;
    }

    private static IEnumerable<Transport> TransportsOf(Callers callers) =>
        [callers.OverGrpc, callers.OverSse, callers.OverNdjson, new LibraryTransport(callers.Library)];

    private static void AssertSaid(Exception end)
    {
        if (end is RpcException refused)
            Assert.Equal((StatusCode.InvalidArgument, Reason), (refused.StatusCode, StatusDetails.Of(refused).Reason));
        else
            Assert.Contains(Reason, Assert.IsType<HttpRequestException>(end).Message, StringComparison.Ordinal);
    }
}
