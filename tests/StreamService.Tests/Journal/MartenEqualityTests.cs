using Google.Protobuf;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class MartenEqualityTests : IAsyncLifetime
{
    private const string EventRow = """
        SELECT to_jsonb(e) - 'seq_id' - 'id' - 'stream_id' - 'timestamp' FROM jobwatch.mt_events e WHERE stream_id = $1 ORDER BY version
        """;

    private const string StreamRow = """
        SELECT to_jsonb(s) - 'id' - 'timestamp' - 'created' FROM jobwatch.mt_streams s WHERE id = $1
        """;

    private JournalUnderTest _journal = null!;

    public async ValueTask InitializeAsync() => _journal = await JournalUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task The_journal_writes_the_rows_that_Marten_would_have_written()
    {
        await _journal.AppendAsync(Started("e", ("ledger", "eu")), Logged("e"));
        await _journal.AppendAsync(Succeeded("e"));
        var events = (await _journal.LogAsync()).Select(stored => ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span)).ToArray();
        await using (var session = _journal.Marten.LightweightSession(LedgerEu.Tenant))
        {
            session.Events.Append("by-marten", events.Take(2));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            session.Events.Append("by-marten", events[2]);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var stream = (await _journal.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log.StreamKey;
        Assert.Equal(await RowsAsync(EventRow, "by-marten"), await RowsAsync(EventRow, stream));
        Assert.Equal(await RowsAsync(StreamRow, "by-marten"), await RowsAsync(StreamRow, stream));
    }

    [Fact]
    public async Task Marten_reads_what_the_journal_wrote_and_the_journal_what_Marten_wrote()
    {
        await _journal.AppendAsync(Started("e"), Logged("e"), Succeeded("e"));
        var head = (await _journal.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!;
        await using var session = _journal.Marten.LightweightSession(LedgerEu.Tenant);
        var read = await session.Events.FetchStreamAsync(head.Log.StreamKey, token: TestContext.Current.CancellationToken);
        var state = await session.Events.FetchStreamStateAsync(head.Log.StreamKey, TestContext.Current.CancellationToken);

        Assert.Equal((await _journal.LogAsync()).Select(stored => stored.Bytes.ToArray()), read.Select(e => ((ExecutionEvent)e.Data).ToByteArray()));
        Assert.Equal([1, 2, 3], read.Select(e => e.Version));
        Assert.Equal(3, state!.Version);
    }

    private async Task<List<string>> RowsAsync(string sql, string stream)
    {
        await using var command = _journal.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = stream });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
