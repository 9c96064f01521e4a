using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>The connections to PostgreSQL. Failures of the store come out as <see cref="StoreUnavailableException"/>.</summary>
internal sealed class JournalDatabase(NpgsqlDataSource source)
{
    // Every statement looks up keys. A prepared plan that was made while a table was small would go on scanning it long
    // after it has grown, until PostgreSQL next looks at the table's size. Compiling what is so short costs more than it
    // saves, and is asked for as soon as a plan has no other way than one of these.
    private const string KeyLookups = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    // PostgreSQL would keep the locks of a node whose machine is gone until TCP gives the connection up, a quarter of an hour later or two hours,
    // and nobody could append to its jobs. Between two statements it waits 10 s instead, within one 25 s; a node's are a moment apart.
    private const string LetGoOfTheGone =
        "-c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    // What is acknowledged has to outlive a crash of PostgreSQL, whatever the database's or role's default. Stricter and other
    // settings than «off» are the operator's choice.
    private const string FlushCommits = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

    // How long connections stay that a rush of queries opened, and how many stay always.
    private const int RushSeconds = 10;
    private const int KeptConnections = 4;

    private long _failures;

    public NpgsqlDataSource Source { get; } = source;

    /// <summary>Failures of the store that were noticed so far. Behind each there may be another server, which lost some of what this process knows.</summary>
    public long Failures => Volatile.Read(ref _failures);

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
        if (!settings.ShouldSerialize("Connection Idle Lifetime"))
        {
            // The pool takes its connections in turn, however few are needed. Through all that a rush of watchers opened even a lone
            // replay would go, and each is a process of PostgreSQL that has to map for itself the pages it reads.
            settings.ConnectionIdleLifetime = RushSeconds;
            settings.ConnectionPruningInterval = 1;
            settings.MinPoolSize = Math.Max(settings.MinPoolSize, Math.Min(KeptConnections, settings.MaxPoolSize));
        }

        settings.Options = $"{KeyLookups} {LetGoOfTheGone} {settings.Options}".TrimEnd();
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            static connection =>
            {
                using var command = new NpgsqlCommand(FlushCommits, connection);
                command.ExecuteNonQuery();
            },
            static async connection =>
            {
                await using var command = new NpgsqlCommand(FlushCommits, connection);
                await command.ExecuteNonQueryAsync();
            });
        return source.Build();
    }

    /// <summary>Counts a failure of the store.</summary>
    public void NoteFailure() => Interlocked.Increment(ref _failures);

    /// <summary>Runs a query on a connection that is held for it only.</summary>
    public async Task<T> QueryAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellation)
    {
        try
        {
            return await UseAsync(query, cancellation);
        }
        catch (Exception error) when (StoreFaults.IsAway(error))
        {
            NoteFailure();
            throw new StoreUnavailableException("PostgreSQL can't be reached or refuses for now.", error);
        }
    }

    /// <summary>Holds a connection for as long as it is used. What fails comes out as it is; a transaction has to be over by then.</summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellation)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellation);
        try
        {
            return await use(connection);
        }
        catch (Exception error)
        {
            Unprepare(connection, error);
            throw;
        }
    }

    /// <summary>
    /// Has a connection forget what is prepared on it, after a failure. Where a statement was cut off when PostgreSQL had parsed it and not yet
    /// said what it returns, Npgsql takes it for one that returns nothing from then on, and fails whoever uses it next (npgsql issue 6391).
    /// </summary>
    public static void Unprepare(NpgsqlConnection connection, Exception error)
    {
        // A row that is there already, or a head that has moved: found while a statement runs, which has said by then what it returns.
        if (error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DivisionByZero })
        {
            return;
        }

        try
        {
            connection.UnprepareAll();
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // The pool drops a connection that can't be talked to.
        }
    }
}
