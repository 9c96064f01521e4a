namespace Jobwatch.StreamService.Journal;

/// <summary>The SQL of <see cref="SelectionReader"/>.</summary>
internal static class SelectionSql
{
    private const string Stream = "s.tenant_id = j.tenant_id AND s.id = j.tenant_id || '/' || j.job_id || '/' || to_hex(j.incarnation)";

    /// <summary>$1 tenants, $2 limits.</summary>
    public const string JobsOf = $"""
        SELECT j.tenant_id, j.job_id, j.incarnation, j.floor, s.version
        FROM unnest($1::text[], $2::int[]) AS u(tenant_id, most)
        CROSS JOIN LATERAL (SELECT * FROM jobwatch.job o WHERE o.tenant_id = u.tenant_id ORDER BY o.job_id LIMIT u.most) j
        JOIN jobwatch.mt_streams s ON {Stream}
        """;

    /// <summary>$1 tenant, $2 incarnations.</summary>
    public const string FindLogs = $"""
        SELECT j.job_id, j.incarnation, j.floor, s.version FROM jobwatch.job j JOIN jobwatch.mt_streams s ON {Stream}
        WHERE j.tenant_id = $1 AND j.incarnation = ANY($2)
        """;

    /// <summary>
    /// $1 tenant, $2 labels as an object, $3 limit. Looks through a job's executions, oldest first, up to one that carries them. Then the first
    /// one that was given them, which began before that one was.
    /// </summary>
    public const string LabelledJobs = """
        SELECT j.incarnation, f.first_position FROM jobwatch.job j
        CROSS JOIN LATERAL (
          SELECT e.labels_position FROM jobwatch.execution e
          WHERE e.incarnation = j.incarnation AND e.labels_position > 0 AND e.labels @> $2 ORDER BY e.first_position LIMIT 1) o
        CROSS JOIN LATERAL (
          SELECT e.first_position FROM jobwatch.execution e
          WHERE e.incarnation = j.incarnation AND e.first_position <= o.labels_position AND e.labels_position > 0 AND e.labels @> $2
          ORDER BY e.labels_position LIMIT 1) f
        WHERE j.tenant_id = $1 LIMIT $3
        """;

    /// <summary>
    /// $1 incarnations, $2 positions. What got its labels after a position either began after it or was open at it, which
    /// the indexes find without a look at all that ended before.
    /// </summary>
    public const string LabelledSince = """
        SELECT u.incarnation, f.first_position, f.labels_position, f.labels::text FROM unnest($1::bigint[], $2::bigint[]) AS u(incarnation, seen)
        CROSS JOIN LATERAL (
          SELECT e.first_position, e.labels_position, e.labels FROM jobwatch.execution e
          WHERE e.incarnation = u.incarnation AND e.first_position > u.seen AND e.labels_position > 0
          UNION ALL
          SELECT e.first_position, e.labels_position, e.labels FROM jobwatch.execution e
          WHERE e.incarnation = u.incarnation AND e.ended_position > u.seen AND e.first_position <= u.seen AND e.labels_position > u.seen
          UNION ALL
          SELECT e.first_position, e.labels_position, e.labels FROM jobwatch.execution e
          WHERE e.incarnation = u.incarnation AND e.ended_position IS NULL AND e.first_position <= u.seen AND e.labels_position > u.seen) f
        """;
}
