using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Jobwatch.V1;
using Marten;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>The Marten store: one stream per job and incarnation, events as protobuf bytes, tenants in a column and in the key.</summary>
internal static class JournalStore
{
    /// <summary>How Marten names the one event type; its payload's type is inside.</summary>
    public const string EventType = "execution_event";

    public static DocumentStore Create(NpgsqlDataSource source) => DocumentStore.For(options =>
    {
        options.Connection(source);
        options.DatabaseSchemaName = JournalTables.Schema;
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Events.EnableUniqueIndexOnEventId = true;
        options.Events.MapEventType<ExecutionEvent>(EventType);
        options.Events.UseBinarySerializer<ExecutionEvent>(new StoredEventSerializer());
        options.Storage.ExtendedSchemaObjects.Add(JournalTables.Job());
        options.Storage.ExtendedSchemaObjects.Add(JournalTables.Execution());
        options.Storage.ExtendedSchemaObjects.Add(JournalTables.DeletedLog());
    });
}
