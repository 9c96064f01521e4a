using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>Reads rows of the catalog.</summary>
internal static class CatalogRows
{
    /// <summary>Columns from <paramref name="first"/>: state, details, labels_position.</summary>
    public static ExecutionRecord Execution(NpgsqlDataReader reader, int first) =>
        new(Execution(reader, first, first + 1), reader.GetInt64(first + 2));

    /// <summary>Columns as <c>JournalSql</c> names them for a job, then the latest execution's state and details.</summary>
    public static JobRecord Job(NpgsqlDataReader reader, string tenant)
    {
        var key = new JobKey(tenant, reader.GetString(0));
        var head = new JobHead(new JobLog(key, reader.GetInt64(1)), reader.GetInt64(2), reader.GetInt64(3));
        return new JobRecord(head, new Job
        {
            JobId = key.JobId,
            CreateTime = Timestamp.FromDateTime(reader.GetDateTime(4)),
            UpdateTime = Timestamp.FromDateTime(reader.GetDateTime(5)),
            LastPosition = head.Head,
            ExecutionCount = reader.GetInt64(6),
            OpenExecutionCount = reader.GetInt64(7),
            LatestExecution = reader.IsDBNull(8) ? null : Execution(reader, 8, 9).WithFloor(head.Floor),
            FirstPosition = head.Floor + 1,
        });
    }

    /// <summary>A row of <see cref="SnapshotSql.Snapshots"/>.</summary>
    public static JobSnapshot Snapshot(NpgsqlDataReader reader, string tenant)
    {
        var (head, job) = Job(reader, tenant);
        var shown = new List<ExecutionRecord>();
        if (!reader.IsDBNull(10))
        {
            var (states, details, labelsPositions) =
                (reader.GetFieldValue<byte[]?[]>(10), reader.GetFieldValue<byte[]?[]>(11), reader.GetFieldValue<long[]>(12));
            for (var i = 0; i < states.Length; i++)
            {
                // Without a state it is the newest one, which the job has.
                var execution = states[i] is { } state ? Execution(state, details[i]).WithFloor(head.Floor) : job.LatestExecution.Clone();
                shown.Add(new ExecutionRecord(execution, labelsPositions[i]));
            }
        }

        return new JobSnapshot(head, job, shown, (int)(job.OpenExecutionCount - reader.GetInt64(13)));
    }

    private static Execution Execution(NpgsqlDataReader reader, int state, int details) =>
        Execution(reader.GetFieldValue<byte[]>(state), reader.IsDBNull(details) ? null : reader.GetFieldValue<byte[]>(details));

    // Bytes of one message in two parts: parsing them one after the other merges them.
    private static Execution Execution(byte[] state, byte[]? details)
    {
        var execution = V1.Execution.Parser.ParseFrom(state);
        execution.MergeFrom(details ?? []);
        return execution;
    }
}
