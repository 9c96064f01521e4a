using System.Threading.Channels;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class StoreReadsTests
{
    private readonly Channel<TaskCompletionSource<int>> _begun = Channel.CreateBounded<TaskCompletionSource<int>>(4);

    [Fact]
    public async Task Reads_wait_for_their_turn_and_a_failed_one_gives_its_turn_on()
    {
        await using var source = JournalDatabase.CreateSource(await PostgresCluster.Shared.CreateDatabaseAsync());
        using var database = new JournalDatabase(source, reads: 2);
        var asked = Enumerable.Range(0, 4).Select(_ => ReadAsync(database)).ToList();
        var first = await BegunAsync();
        var second = await BegunAsync();
        Assert.False(_begun.Reader.TryPeek(out _));
        // What is no read needs no turn.
        Assert.Equal(7, await database.QueryAsync(_ => Task.FromResult(7), TestContext.Current.CancellationToken));

        second.SetException(new TimeoutException());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Task.WhenAny(asked).Unwrap());
        await BegunAsync();
        Assert.False(_begun.Reader.TryPeek(out _));

        first.SetResult(1);
        await BegunAsync();
    }

    private Task<int> ReadAsync(JournalDatabase database) => database.ReadAsync(BeginAsync, TestContext.Current.CancellationToken);

    private async Task<TaskCompletionSource<int>> BegunAsync() =>
        await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private Task<int> BeginAsync(NpgsqlConnection connection)
    {
        var read = new TaskCompletionSource<int>();
        Assert.True(_begun.Writer.TryWrite(read));
        return read.Task;
    }
}
