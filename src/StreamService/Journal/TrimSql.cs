namespace Jobwatch.StreamService.Journal;

/// <summary>
/// The SQL that trims history. Each statement is a transaction of its own, touches a bounded number of rows, and locks nothing that
/// an append waits for longer than it takes to update one row.
/// </summary>
internal static class TrimSql
{
    /// <summary>$1 tenant, $2 job, after which the page begins, $3 limit.</summary>
    public const string ReadJobs = """
        SELECT j.tenant_id, j.job_id, j.incarnation, j.floor, s.version, j.created_at,
          CASE WHEN j.floor > 0 THEN (
            SELECT e.version FROM jobwatch.mt_events e
            WHERE e.tenant_id = s.tenant_id AND e.stream_id = s.id AND e.version <= j.floor ORDER BY e.version LIMIT 1) END
        FROM jobwatch.job j
        JOIN jobwatch.mt_streams s ON s.tenant_id = j.tenant_id AND s.id = j.tenant_id || '/' || j.job_id || '/' || to_hex(j.incarnation)
        WHERE (j.tenant_id, j.job_id) > ($1, $2) ORDER BY j.tenant_id, j.job_id LIMIT $3
        """;

    /// <summary>
    /// $1 ordinals, $2 tenants, $3 streams, $4 first positions, $5 last positions, $6 times: for each range the last event that was
    /// recorded before the time, by halving. A range whose first event is younger, which is the usual case, costs one look.
    /// </summary>
    public const string FindLastBefore = """
        WITH RECURSIVE search(ordinal, tenant_id, stream_id, before, lo, hi) AS (
          SELECT u.ordinal, u.tenant_id, u.stream_id, u.before, u.first, u.last
          FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
            AS u(ordinal, tenant_id, stream_id, first, last, before)
          WHERE EXISTS (SELECT FROM jobwatch.mt_events e WHERE e.tenant_id = u.tenant_id AND e.stream_id = u.stream_id
            AND e.version = u.first AND e.timestamp < u.before)
          UNION ALL
          SELECT s.ordinal, s.tenant_id, s.stream_id, s.before,
            CASE WHEN p.is_older THEN s.mid ELSE s.lo END, CASE WHEN p.is_older THEN s.hi ELSE s.mid - 1 END
          FROM (SELECT q.*, (q.lo + q.hi + 1) / 2 AS mid FROM search q WHERE q.lo < q.hi) s
          CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM jobwatch.mt_events e WHERE e.tenant_id = s.tenant_id
            AND e.stream_id = s.stream_id AND e.version = s.mid AND e.timestamp < s.before) AS is_older) p)
        SELECT ordinal, lo FROM search WHERE lo = hi
        """;

    /// <summary>$1 incarnation, $2 floor. One job at a time: commits update several jobs' rows in an order of their own.</summary>
    public const string RaiseFloor = "UPDATE jobwatch.job SET floor = $2 WHERE incarnation = $1 AND floor < $2";

    /// <summary>$1 tenant, $2 stream, $3 first, $4 last position.</summary>
    public const string DeleteEvents = """
        DELETE FROM jobwatch.mt_events WHERE tenant_id = $1 AND stream_id = $2 AND version BETWEEN $3 AND $4
        """;

    /// <summary>
    /// $1 incarnation, $2 position, $3 limit: executions that had ended at that position, oldest first. Not the job's newest: it tells how
    /// the job last went.
    /// </summary>
    public const string FindEnded = """
        SELECT e.execution_id, e.state FROM jobwatch.execution e
        WHERE e.incarnation = $1 AND e.ended_position <= $2
          AND e.first_position < (SELECT max(n.first_position) FROM jobwatch.execution n WHERE n.incarnation = $1)
        ORDER BY e.ended_position LIMIT $3
        """;

    /// <summary>$1 incarnation, $2 position, $3 execution ids that had ended there. The executions first, as commits do.</summary>
    public const string ForgetExecutions = """
        WITH gone AS (DELETE FROM jobwatch.execution
          WHERE incarnation = $1 AND ended_position <= $2 AND execution_id = ANY($3) RETURNING 1)
        UPDATE jobwatch.job SET execution_count = execution_count - (SELECT count(*) FROM gone) WHERE incarnation = $1
        """;

    /// <summary>$1 limit.</summary>
    public const string ReadDeleted = "SELECT tenant_id, job_id, incarnation FROM jobwatch.deleted_log ORDER BY incarnation LIMIT $1";

    /// <summary>
    /// $1 tenant, $2 stream, $3 after, $4 limit: events of a deleted job. It waits for nobody: a commit of the job's next life may be
    /// deleting one of them, for its key.
    /// </summary>
    public const string PurgeEvents = """
        WITH piece AS (
          SELECT e.seq_id, e.version FROM jobwatch.mt_events e
          WHERE e.tenant_id = $1 AND e.stream_id = $2 AND e.version > $3 ORDER BY e.version LIMIT $4 FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM jobwatch.mt_events e USING piece p WHERE e.seq_id = p.seq_id)
        SELECT count(*), COALESCE(max(p.version), $3) FROM piece p
        """;

    /// <summary>$1 incarnation, $2 limit.</summary>
    public const string PurgeExecutions = """
        DELETE FROM jobwatch.execution WHERE incarnation = $1 AND execution_id IN (
          SELECT execution_id FROM jobwatch.execution WHERE incarnation = $1 LIMIT $2)
        """;

    /// <summary>$1 incarnation, $2 tenant, $3 stream. Takes along what was left out of a piece.</summary>
    public const string EndPurge = """
        WITH forgotten AS (DELETE FROM jobwatch.deleted_log WHERE incarnation = $1)
        DELETE FROM jobwatch.mt_streams WHERE tenant_id = $2 AND id = $3
        """;
}
