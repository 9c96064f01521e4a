using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>What is done to jobs in the store, behind the node's back.</summary>
internal static class StoredJobs
{
    /// <summary>Deletes a job and all that it had.</summary>
    public static async Task DeleteAsync(this NodeUnderTest node, string jobId)
    {
        var head = await node.Reader.FindJobAsync(new JobKey("local", jobId), TestContext.Current.CancellationToken);
        var (key, incarnation) = (head!.Log.StreamKey, head.Log.Incarnation);
        await RunAsync(
            node,
            $"DELETE FROM jobwatch.mt_events WHERE stream_id = '{key}'",
            $"DELETE FROM jobwatch.mt_streams WHERE id = '{key}'",
            $"DELETE FROM jobwatch.execution WHERE incarnation = {incarnation}",
            $"DELETE FROM jobwatch.job WHERE incarnation = {incarnation}");
    }

    /// <summary>Takes a job's history up to a position away, as retention does.</summary>
    public static async Task TruncateAsync(this NodeUnderTest node, string jobId, long floor)
    {
        var head = await node.Reader.FindJobAsync(new JobKey("local", jobId), TestContext.Current.CancellationToken);
        await RunAsync(
            node,
            $"DELETE FROM jobwatch.mt_events WHERE stream_id = '{head!.Log.StreamKey}' AND version <= {floor}",
            $"UPDATE jobwatch.job SET floor = {floor} WHERE incarnation = {head.Log.Incarnation}");
    }

    /// <summary>Makes jobs with one event each, whose bytes nobody reads.</summary>
    public static Task MakeAsync(this NodeUnderTest node, string tenant, int count) => RunAsync(
        node,
        $"""
        INSERT INTO jobwatch.job (tenant_id, job_id, incarnation, floor, execution_count, created_at)
        SELECT '{tenant}', 'made-' || i, 1000000 + i, 0, 0, now() FROM generate_series(1, {count}) i
        """,
        """
        INSERT INTO jobwatch.mt_streams (tenant_id, id, version, timestamp, created, is_archived)
        SELECT j.tenant_id, j.tenant_id || '/' || j.job_id || '/' || to_hex(j.incarnation), 0, now(), now(), false
        FROM jobwatch.job j WHERE j.job_id LIKE 'made-%'
        """);

    private static async Task RunAsync(NodeUnderTest node, params string[] statements)
    {
        await using var source = NpgsqlDataSource.Create(node.ConnectionString);
        await using var batch = source.CreateBatch();
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
