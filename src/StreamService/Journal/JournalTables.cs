using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace Jobwatch.StreamService.Journal;

/// <summary>The catalog's tables, which Marten creates and upgrades beside its own.</summary>
internal static class JournalTables
{
    public const string Schema = "jobwatch";

    /// <summary>A row per job: its present incarnation, and how far its history was truncated.</summary>
    public static Table Job()
    {
        var table = new Table(Name("job"));
        table.AddColumn<string>("tenant_id").AsPrimaryKey();
        table.AddColumn<string>("job_id").AsPrimaryKey();
        table.AddColumn<long>("incarnation").NotNull();
        table.AddColumn<long>("floor").NotNull();
        table.AddColumn<long>("execution_count").NotNull();
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("job_incarnation") { Columns = ["incarnation"], IsUnique = true });
        table.Indexes.Add(new IndexDefinition("job_created_at") { Columns = ["tenant_id", "created_at", "job_id"] });
        return table;
    }

    /// <summary>
    /// A row per execution. What changes with every append (<c>last_position</c>, <c>state</c>) is in no index, so that
    /// PostgreSQL updates the row in place (HOT); what is large and seldom changes is apart, in <c>details</c>.
    /// </summary>
    public static Table Execution()
    {
        var table = new Table(Name("execution"));
        table.AddColumn<long>("incarnation").AsPrimaryKey();
        table.AddColumn<string>("execution_id").AsPrimaryKey();
        table.AddColumn<short>("status").NotNull();
        table.AddColumn<long>("first_position").NotNull();
        table.AddColumn<long>("last_position").NotNull();
        table.AddColumn<long>("ended_position").AllowNulls();
        table.AddColumn<long>("labels_position").NotNull();
        table.AddColumn("labels", "jsonb").AllowNulls();
        table.AddColumn("state", "bytea").NotNull();
        table.AddColumn("details", "bytea").AllowNulls();
        table.Indexes.Add(new IndexDefinition("execution_first_position") { Columns = ["incarnation", "first_position"] });
        table.Indexes.Add(new IndexDefinition("execution_ended_position") { Columns = ["incarnation", "ended_position"] });
        return table;
    }

    /// <summary>
    /// A row per log whose job was deleted, until its events and executions are gone too. Its stream is archived meanwhile: the
    /// row of the stream can't go first, since that would take all of its events along in one transaction.
    /// </summary>
    public static Table DeletedLog()
    {
        var table = new Table(Name("deleted_log"));
        table.AddColumn<long>("incarnation").AsPrimaryKey();
        table.AddColumn<string>("tenant_id").NotNull();
        table.AddColumn<string>("job_id").NotNull();
        return table;
    }

    private static PostgresqlObjectName Name(string table) => new(Schema, table, SchemaUtils.IdentifierUsage.General);
}
