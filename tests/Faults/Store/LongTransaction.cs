using Jobwatch.Faults.Tests.Turns;
using Npgsql;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>A transaction with an id and a snapshot is held open: what waits for all older ones to end waits for it.</summary>
internal sealed class LongTransaction : Fault
{
    private const string Age =
        "SELECT extract(epoch FROM now() - xact_start)::float8 FROM pg_stat_activity WHERE pid = $1 AND state = 'idle in transaction' AND backend_xid IS NOT NULL";

    public override string Name => "long-transaction";

    public override async Task RunAsync(Scene scene)
    {
        double seconds = scene.IsLong ? 60 : 12;
        await using var holder = new NpgsqlConnection(scene.Site.ConnectionString);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using (var touch = new NpgsqlCommand("SELECT pg_current_xact_id(), (SELECT count(*) FROM jobwatch.mt_streams)", holder))
            await touch.ExecuteNonQueryAsync();
        for (double held = 0; held < seconds; held++)
        {
            await HoldAsync(1);
            await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up while a transaction is open");
        }
        await using var onlooker = new NpgsqlConnection(scene.Site.ConnectionString);
        await onlooker.OpenAsync();
        await using var age = new NpgsqlCommand(Age, onlooker) { Parameters = { new() { Value = holder.ProcessID } } };
        Scene.Happened(await age.ExecuteScalarAsync() is double old && old >= seconds * 0.9, "the transaction was not open for long");
        await transaction.RollbackAsync();
    }
}
