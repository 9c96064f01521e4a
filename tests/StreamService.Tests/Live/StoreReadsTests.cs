using System.Threading.Channels;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class StoreReadsTests
{
    private readonly Channel<TaskCompletionSource<EventPage>> _begun = Channel.CreateBounded<TaskCompletionSource<EventPage>>(4);

    [Fact]
    public async Task Reads_wait_for_their_turn_and_a_failed_one_gives_its_turn_on()
    {
        using var reads = new StoreReads(BeginAsync, new LiveOptions { StoreReads = 2 });
        var asked = Enumerable.Range(0, 4).Select(after => Read(reads, after)).ToList();
        var first = await BegunAsync();
        var second = await BegunAsync();
        Assert.False(_begun.Reader.TryPeek(out _));

        second.SetException(new StoreUnavailableException("away", new InvalidOperationException()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked[1]);
        await BegunAsync();
        Assert.False(_begun.Reader.TryPeek(out _));

        first.SetResult(new EventPage([], true));
        await asked[0];
        await BegunAsync();
    }

    private static Task<EventPage> Read(StoreReads reads, long after) =>
        reads.ReadAsync(LiveRoom.Log, after, 1, 1, TestContext.Current.CancellationToken);

    private async Task<TaskCompletionSource<EventPage>> BegunAsync() =>
        await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private Task<EventPage> BeginAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
    {
        var read = new TaskCompletionSource<EventPage>();
        Assert.True(_begun.Writer.TryWrite(read));
        return read.Task;
    }
}
