using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Retention;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Retention;

/// <summary>Two nodes truncate at once while producers append and watchers of every pace read: what comes and what is said to be gone is everything.</summary>
public sealed class TruncatedWatchTests
{
    private const int Events = 4000;
    private const int Batch = 20;

    private static readonly (string, string)[] KeepLittle =
    [
        ("Retention:Rules:0:MaxEvents", "60"), ("Retention:MinAge", "00:00:00"), ("Retention:Interval", "1.00:00:00"), ("Live:RingEvents", "32"),
    ];

    private readonly string _job = Appends.NewJob();
    private long _appended;
    private TaskCompletionSource _moved = New();

    [Fact]
    public async Task Events_and_gaps_together_are_the_whole_log_however_slow_the_watcher()
    {
        var settings = KeepLittle.Append(("ConnectionStrings:Jobwatch", await PostgresCluster.Shared.CreateDatabaseAsync())).ToArray();
        await using var one = await RunningNode.StartAsync(settings);
        await using var other = await RunningNode.StartAsync(settings);
        await one.Append(Appends.To(_job, Appends.Started()));
        Move(1);

        var watches = Enumerable.Range(0, 12).Select(i => WatchAsync(i % 2 == 0 ? one : other, lag: i / 2 * 150, goOn: i % 3 != 0)).ToList();
        using var done = new CancellationTokenSource();
        var truncating = new[] { one, other }.Select(node => TruncateAsync(node, done.Token)).ToList();
        await Task.WhenAll(ProduceAsync(one), ProduceAsync(other));
        var gaps = await Task.WhenAll(watches);
        await done.CancelAsync();
        await Task.WhenAll(truncating);

        Assert.Contains(gaps, gap => gap > 0);
        var head = (await one.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!;
        Assert.InRange(head.Floor, Events / 2, head.Head - 60);
        var stored = await one.Journal.ReadAsync(head.Log, 0, int.MaxValue, int.MaxValue, TestContext.Current.CancellationToken);
        Assert.True(stored.Events[0].Position <= head.Floor + 1);
        Assert.Equal(head.Head - stored.Events[0].Position + 1, stored.Events.Count);
    }

    // Reads on only while the log is so far ahead. Returns how many gaps and refusals there were.
    private async Task<int> WatchAsync(RunningNode node, int lag, bool goOn)
    {
        var (passed, gaps, cursor) = (0L, 0, "");
        while (passed < Events)
        {
            var request = new WatchJobRequest { JobId = _job, OnTruncated = goOn ? "continue" : "", Start = new WatchStart { FromPosition = 1 } };
            request.Start = cursor.Length == 0 ? request.Start : new WatchStart { Cursor = cursor };
            using var call = new WatchService.WatchServiceClient(node.Channel).WatchJob(request, cancellationToken: TestContext.Current.CancellationToken);
            try
            {
                while (passed < Events && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
                {
                    var message = call.ResponseStream.Current;
                    cursor = message.Cursor;
                    if (message.MessageCase is Message.Gap)
                    {
                        Assert.Equal(passed + 1, message.Gap.FirstPosition);
                        passed = message.Gap.LastPosition;
                        gaps++;
                    }
                    else if (message.MessageCase is Message.Event)
                    {
                        Assert.Equal(passed + 1, message.Event.Position);
                        passed++;
                    }

                    await AppendedAsync(Math.Min(Events, passed + lag));
                }
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.OutOfRange && !goOn)
            {
                cursor = Refusal.From(refused).Metadata["oldest_cursor"];
                var head = (await node.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!;
                Assert.True(Cursors.Cursor.TryParse(cursor, out var oldest));
                Assert.InRange(oldest.Position, passed + 1, head.Floor);
                passed = oldest.Position;
                gaps++;
            }
        }

        return gaps;
    }

    private async Task AppendedAsync(long position)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (Volatile.Read(ref _appended) >= position)
            {
                return;
            }

            await moved;
        }
    }

    private void Move(long last)
    {
        for (var seen = Volatile.Read(ref _appended); seen < last; seen = Volatile.Read(ref _appended))
        {
            Interlocked.CompareExchange(ref _appended, last, seen);
        }

        Interlocked.Exchange(ref _moved, New()).SetResult();
    }

    private async Task ProduceAsync(RunningNode node)
    {
        while (Volatile.Read(ref _appended) < Events)
        {
            var answer = await node.Append(Appends.To(_job, [.. Enumerable.Range(0, Batch).Select(_ => Appends.Line(new string('x', 1000)))]));
            Move(answer.Positions[^1]);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task TruncateAsync(RunningNode node, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await node.App.Services.GetRequiredService<RetentionJob>().RunOnceAsync(CancellationToken.None);
            await Task.Yield();
        }
    }
}
