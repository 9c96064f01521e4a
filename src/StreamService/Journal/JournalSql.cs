namespace Jobwatch.StreamService.Journal;

/// <summary>
/// The journal's SQL, where Marten's own ways are too slow: group commits over many streams, and pages of bare bytes
/// (docs/adr says by how much). A test holds the rows equal to those that Marten writes.
/// </summary>
internal static class JournalSql
{
    private const string Stream = "s.tenant_id = j.tenant_id AND s.id = j.tenant_id || '/' || j.job_id || '/' || to_hex(j.incarnation)";

    /// <summary>What <see cref="CatalogRows"/> reads of a job, of <see cref="JobTables"/>.</summary>
    public const string JobColumns = """
        j.job_id, j.incarnation, j.floor, s.version, j.created_at, s.timestamp, j.execution_count,
        (SELECT count(*) FROM jobwatch.execution o WHERE o.incarnation = j.incarnation AND o.ended_position IS NULL)
        """;

    /// <summary>A job as <c>j</c> and its stream as <c>s</c>.</summary>
    public const string JobTables = $"""
        jobwatch.job j
        JOIN jobwatch.mt_streams s ON {Stream}
        """;

    /// <summary>The newest execution of <see cref="JobTables"/>, as <c>l</c>.</summary>
    public const string LatestExecution = """
        LEFT JOIN LATERAL (
          SELECT e.state, e.details, e.status, e.first_position FROM jobwatch.execution e
          WHERE e.incarnation = j.incarnation ORDER BY e.first_position DESC LIMIT 1) l ON true
        """;

    /// <summary>$1 tenant, $2 job.</summary>
    public const string FindJob = $"SELECT j.incarnation, j.floor, s.version FROM {JobTables} WHERE j.tenant_id = $1 AND j.job_id = $2";

    /// <summary>$1 tenant, $2 stream, $3 after, $4 limit.</summary>
    public const string ReadPage = """
        SELECT version, bdata FROM jobwatch.mt_events
        WHERE tenant_id = $1 AND stream_id = $2 AND version > $3 ORDER BY version LIMIT $4
        """;

    /// <summary>$1 tenants, $2 streams, $3 incarnations. Without those of deleted jobs, whose streams are archived.</summary>
    public const string Heads = """
        SELECT u.incarnation, s.version FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u(tenant_id, id, incarnation)
        JOIN jobwatch.mt_streams s ON s.tenant_id = u.tenant_id AND s.id = u.id AND NOT s.is_archived
        """;

    /// <summary>$1 tenants, $2 jobs: those that are there.</summary>
    public const string FindJobs = $"""
        SELECT j.tenant_id, j.job_id, j.incarnation, j.floor, s.version FROM unnest($1::text[], $2::text[]) AS u(tenant_id, job_id)
        JOIN jobwatch.job j ON j.tenant_id = u.tenant_id AND j.job_id = u.job_id
        JOIN jobwatch.mt_streams s ON {Stream}
        """;

    /// <summary>
    /// $1 tenants, $2 jobs, $3 incarnations for those that are not there, $4 now; sorted by tenant and job. Two commits that
    /// make the same job meet in the primary key: the second waits and then finds the first one's.
    /// </summary>
    public const string MakeLogs = """
        WITH made AS (
          INSERT INTO jobwatch.job (tenant_id, job_id, incarnation, floor, execution_count, created_at)
          SELECT u.tenant_id, u.job_id, u.incarnation, 0, 0, $4 FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u(tenant_id, job_id, incarnation)
          WHERE NOT EXISTS (SELECT FROM jobwatch.job j WHERE j.tenant_id = u.tenant_id AND j.job_id = u.job_id)
          ON CONFLICT DO NOTHING
          RETURNING tenant_id, job_id, incarnation)
        INSERT INTO jobwatch.mt_streams (tenant_id, id, version, timestamp, created, is_archived)
        SELECT m.tenant_id, m.tenant_id || '/' || m.job_id || '/' || to_hex(m.incarnation), 0, $4, $4, false FROM made m
        """;

    /// <summary>
    /// $1 tenants, $2 jobs. Locks in one order for all, so that group commits of several nodes can't deadlock. One that waited for
    /// its job to be deleted finds the stream archived, and nothing.
    /// </summary>
    public const string LockLogs = $"""
        SELECT j.tenant_id, j.job_id, j.incarnation, j.floor, s.version FROM unnest($1::text[], $2::text[]) AS u(tenant_id, job_id)
        JOIN jobwatch.job j ON j.tenant_id = u.tenant_id AND j.job_id = u.job_id
        JOIN jobwatch.mt_streams s ON {Stream} AND NOT s.is_archived
        ORDER BY s.tenant_id COLLATE "C", s.id COLLATE "C" FOR UPDATE OF s
        """;

    /// <summary>$1 keys, $2 those of them whose execution has to be known.</summary>
    public const string FindKeys = """
        SELECT e.id, e.version, e.stream_id, CASE WHEN e.id = ANY($2) THEN e.bdata END FROM jobwatch.mt_events e WHERE e.id = ANY($1)
        """;

    /// <summary>$1 keys, $2 the stream of each. Only events of deleted jobs, whose streams are archived.</summary>
    public const string DropKeys = """
        DELETE FROM jobwatch.mt_events e USING unnest($1::uuid[], $2::text[]) AS u(id, stream_id), jobwatch.mt_streams s
        WHERE e.id = u.id AND e.stream_id = u.stream_id AND s.tenant_id = e.tenant_id AND s.id = e.stream_id AND s.is_archived
        """;

    /// <summary>$1 tenants, $2 jobs, $3 executions.</summary>
    public const string FindExecutionsOfJobs = """
        SELECT u.tenant_id, u.job_id, e.state, e.details, e.labels_position
        FROM unnest($1::text[], $2::text[], $3::text[]) AS u(tenant_id, job_id, execution_id)
        JOIN jobwatch.job j ON j.tenant_id = u.tenant_id AND j.job_id = u.job_id
        JOIN jobwatch.execution e ON e.incarnation = j.incarnation AND e.execution_id = u.execution_id
        """;

    /// <summary>$1 keys, $2 streams, $3 versions, $4 bytes, $5 tenants, $6 now, $7 event type, $8 .NET type.</summary>
    public const string InsertEvents = """
        INSERT INTO jobwatch.mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
        SELECT nextval('jobwatch.mt_events_sequence'), u.id, u.stream_id, u.version, '{}', u.bdata, $7, $6, u.tenant_id, $8, false
        FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[], $5::text[]) AS u(id, stream_id, version, bdata, tenant_id)
        """;

    /// <summary>
    /// $1 tenants, $2 streams, sorted as <see cref="LockLogs"/> sorts, $3 versions they have, $4 versions they get, $5 now. Fails,
    /// by a division by zero, if one of them is gone or has another version, or its job is deleted.
    /// </summary>
    public const string MoveHeads = """
        WITH moved AS (
          UPDATE jobwatch.mt_streams s SET version = u.next, timestamp = $5
          FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS u(tenant_id, id, version, next)
          WHERE s.tenant_id = u.tenant_id AND s.id = u.id AND s.version = u.version AND NOT s.is_archived
          RETURNING 1)
        SELECT 1 / (count(*) = cardinality($1))::int FROM moved
        """;

    /// <summary>
    /// $1 incarnations, $2 ids, $3 statuses, $4 first, $5 last, $6 ended positions, $7 labels positions, $8 labels, $9 states, $10 details.
    /// </summary>
    public const string SaveExecutions = """
        INSERT INTO jobwatch.execution AS e
          (incarnation, execution_id, status, first_position, last_position, ended_position, labels_position, labels, state, details)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
          $8::jsonb[], $9::bytea[], $10::bytea[])
        ON CONFLICT (incarnation, execution_id) DO UPDATE SET
          status = excluded.status, last_position = excluded.last_position, ended_position = excluded.ended_position,
          labels_position = excluded.labels_position, labels = COALESCE(excluded.labels, e.labels), state = excluded.state,
          details = COALESCE(excluded.details, e.details)
        """;

    /// <summary>$1 incarnations, $2 how many executions each gained.</summary>
    public const string CountExecutions = """
        UPDATE jobwatch.job j SET execution_count = j.execution_count + u.gained
        FROM unnest($1::bigint[], $2::bigint[]) AS u(incarnation, gained) WHERE j.incarnation = u.incarnation
        """;

    /// <summary>
    /// $1 tenant, $2 job. The stream first, as appends lock it before they change the job's row; archived, so that it takes no more of
    /// them. Nothing if the job isn't there.
    /// </summary>
    public const string DeleteJob = $"""
        WITH locked AS (
          SELECT j.tenant_id, j.job_id, j.incarnation, s.id FROM {JobTables}
          WHERE j.tenant_id = $1 AND j.job_id = $2 AND NOT s.is_archived FOR UPDATE OF s),
        archived AS (
          UPDATE jobwatch.mt_streams s SET is_archived = true FROM locked l WHERE s.tenant_id = l.tenant_id AND s.id = l.id),
        deleted AS (
          DELETE FROM jobwatch.job j USING locked l
          WHERE j.tenant_id = l.tenant_id AND j.job_id = l.job_id AND j.incarnation = l.incarnation
          RETURNING j.incarnation, j.tenant_id, j.job_id)
        INSERT INTO jobwatch.deleted_log (incarnation, tenant_id, job_id) SELECT d.incarnation, d.tenant_id, d.job_id FROM deleted d
        RETURNING incarnation
        """;

    /// <summary>$1 tenants, $2 streams, $3 incarnations of logs that were made for appends which all were refused.</summary>
    public const string DropEmptyLogs = """
        WITH dropped AS (DELETE FROM jobwatch.job WHERE incarnation = ANY($3))
        DELETE FROM jobwatch.mt_streams s USING unnest($1::text[], $2::text[]) AS u(tenant_id, id)
        WHERE s.tenant_id = u.tenant_id AND s.id = u.id
        """;

    /// <summary>$1 tenant, $2 job.</summary>
    public const string GetJob = $"""
        SELECT {JobColumns}, l.state, l.details FROM {JobTables} {LatestExecution}
        WHERE j.tenant_id = $1 AND j.job_id = $2
        """;

    /// <summary>$1 tenant, $2 id prefix, $3 statuses or null, $4 after id or null, $5 limit, $6 after time.</summary>
    public static string ListJobs(JobOrder order) => $"""
        SELECT {JobColumns}, l.state, l.details FROM {JobTables} {LatestExecution}
        WHERE j.tenant_id = $1 AND starts_with(j.job_id, $2) AND ($3::smallint[] IS NULL OR l.status = ANY($3))
          AND ($4::text IS NULL OR {order switch
    {
        JobOrder.NewestFirst => "(j.created_at, j.job_id) < ($6, $4::text)",
        JobOrder.OldestFirst => "(j.created_at, j.job_id) > ($6, $4::text)",
        _ => "(j.job_id COLLATE \"C\") > $4 AND $6::timestamptz IS NOT NULL",
    }})
        ORDER BY {order switch
    {
        JobOrder.NewestFirst => "j.created_at DESC, j.job_id DESC",
        JobOrder.OldestFirst => "j.created_at, j.job_id",
        _ => "j.job_id COLLATE \"C\"",
    }} LIMIT $5
        """;

    /// <summary>$1 incarnation, $2 execution ids.</summary>
    public const string FindExecutions = """
        SELECT state, details, labels_position FROM jobwatch.execution WHERE incarnation = $1 AND execution_id = ANY($2)
        """;

    /// <summary>$1 incarnation, $2 position, $3 labels, each as an object, $4 position of the labels, $5 limit.</summary>
    public const string OpenExecutions = """
        SELECT execution_id FROM jobwatch.execution
        WHERE incarnation = $1 AND first_position <= $2 AND (ended_position IS NULL OR ended_position > $2)
          AND labels @> ALL ($3::jsonb[]) AND (cardinality($3::jsonb[]) = 0 OR labels_position BETWEEN 1 AND $4)
        LIMIT $5
        """;

    /// <summary>$1 incarnation, $2 statuses or null, $3 labels or null, $4 after or null, $5 limit.</summary>
    public static string ListExecutions(bool newestFirst) => $"""
        SELECT state, details, labels_position FROM jobwatch.execution
        WHERE incarnation = $1 AND ($2::smallint[] IS NULL OR status = ANY($2)) AND ($3::jsonb IS NULL OR labels @> $3)
          AND ($4::bigint IS NULL OR first_position {(newestFirst ? "<" : ">")} $4)
        ORDER BY first_position {(newestFirst ? "DESC" : "")} LIMIT $5
        """;
}
