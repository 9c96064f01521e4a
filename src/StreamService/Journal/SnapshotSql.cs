namespace Jobwatch.StreamService.Journal;

/// <summary>The SQL of snapshots.</summary>
internal static class SnapshotSql
{
    /// <summary>
    /// $1 tenant, $2 jobs, $3 how many executions of each to look through, $4 how many to show, $5 bytes after which no more are shown;
    /// $6 ids or null, $7 statuses or null and $8 labels, each as an object, of those that are selected. One statement, so that all of it
    /// is of one moment, and one row a job: what is the job's is computed and sent once.
    /// </summary>
    /// <remarks>
    /// <c>read</c> has keys only, so that what may be large is fetched for what is shown alone. How much that is, PostgreSQL knows without
    /// fetching what it keeps apart (TOAST). The newest execution comes with the job: where it is shown, its state and details are null.
    /// </remarks>
    public const string Snapshots = $"""
        SELECT {JournalSql.JobColumns}, l.state, l.details, c.states, c.details, c.labels_positions, c.open_read - c.open_selected + c.open_shown
        FROM {JournalSql.JobTables} {JournalSql.LatestExecution}
        CROSS JOIN LATERAL (
          WITH read AS MATERIALIZED (
            SELECT r.first_position, r.is_open,
              ($6::text[] IS NULL OR r.execution_id = ANY($6)) AND ($7::smallint[] IS NULL OR r.status = ANY($7))
                AND (cardinality($8::jsonb[]) = 0 OR r.labels @> ALL ($8::jsonb[])) AS is_selected
            FROM (
              (SELECT e.first_position, true AS is_open, e.execution_id, e.status, e.labels FROM jobwatch.execution e
               WHERE e.incarnation = j.incarnation AND e.ended_position IS NULL ORDER BY e.first_position DESC LIMIT $3)
              UNION ALL
              SELECT e.first_position, false, e.execution_id, e.status, e.labels FROM jobwatch.execution e
              WHERE e.incarnation = j.incarnation AND e.first_position = l.first_position AND e.ended_position IS NOT NULL) r
            ORDER BY r.first_position DESC LIMIT $3),
          shown AS MATERIALIZED (
            SELECT f.* FROM (
              SELECT k.first_position, k.is_open, e.labels_position, e.state, e.details,
                sum(octet_length(e.state) + coalesce(octet_length(e.details), 0)) OVER newer AS bytes_before
              FROM (SELECT * FROM read WHERE is_selected ORDER BY first_position DESC LIMIT $4) k
              JOIN jobwatch.execution e ON e.incarnation = j.incarnation AND e.first_position = k.first_position
              WINDOW newer AS (ORDER BY k.first_position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) f
            WHERE coalesce(f.bytes_before, 0) < $5)
          SELECT
            array_agg(CASE WHEN h.first_position < l.first_position THEN h.state END ORDER BY h.first_position DESC) AS states,
            array_agg(CASE WHEN h.first_position < l.first_position THEN h.details END ORDER BY h.first_position DESC) AS details,
            array_agg(h.labels_position ORDER BY h.first_position DESC) AS labels_positions,
            (SELECT count(*) FROM read r WHERE r.is_open) AS open_read,
            (SELECT count(*) FROM read r WHERE r.is_open AND r.is_selected) AS open_selected,
            count(*) FILTER (WHERE h.is_open) AS open_shown
          FROM shown h) c
        WHERE j.tenant_id = $1 AND j.job_id = ANY($2) ORDER BY j.job_id
        """;
}
