using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>The connections to PostgreSQL. Failures of the store come out as <see cref="StoreUnavailableException"/>.</summary>
internal sealed class JournalDatabase(NpgsqlDataSource source)
{
    // Every statement looks up keys. A prepared plan that was made while a table was small would go on scanning it long
    // after it has grown, until PostgreSQL next looks at the table's size. Compiling what is so short costs more than it
    // saves, and is asked for as soon as a plan has no other way than one of these.
    private const string KeyLookups = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    public NpgsqlDataSource Source { get; } = source;

    public static NpgsqlDataSource CreateSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "jobwatch",
            // The few statements there are stay planned on each connection; so connections are not reset between uses.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            IncludeErrorDetail = false,
        };
        settings.Options = $"{KeyLookups} {settings.Options}".TrimEnd();
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Runs a query on a connection that is held for it only.</summary>
    public async Task<T> QueryAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellation);
            return await query(connection);
        }
        catch (Exception error) when (StoreFaults.IsAway(error))
        {
            throw new StoreUnavailableException("PostgreSQL can't be reached or refuses for now.", error);
        }
    }
}
