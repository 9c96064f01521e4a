using System.Diagnostics;
using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;
using Npgsql;

namespace Jobwatch.DevServer.Postgres;

/// <summary>The PostgreSQL of the data folder: durable (fsync is on), on loopback only, with a password.</summary>
internal sealed class EmbeddedPostgres
{
    private const string Database = "jobwatch";
    private const string AuthenticationFailed = "28P01";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly string[] Troubles = ["WARNING:", "ERROR:", "FATAL:", "PANIC:"];

    private readonly PostgresInstallation _installation;
    private readonly PostgresAccount _account;
    private readonly PostgresData _data;
    private readonly PostmasterFile? _running;
    private readonly string _logs;
    private readonly int _port;

    private EmbeddedPostgres(PostgresInstallation installation, PostgresAccount account, PostgresData data, string logs)
    {
        (_installation, _account, _data, _logs) = (installation, account, data, logs);
        _running = PostmasterFile.Read(data.Folder);
        _port = _running?.Port ?? data.Port();
    }

    public string ConnectionString => Connection(Database).ConnectionString;

    public string Description => $"PostgreSQL {_installation.Major} on 127.0.0.1:{_port}";

    public ChildPlan Plan => new("postgres", Command, IsReadyAsync)
    {
        Leftover = () => _running?.Process,
        IsTrouble = (line, _) => Troubles.Any(word => line.Contains(word, StringComparison.Ordinal)),
        // Fast shutdown, and the immediate one, which recovers from the log at the next start.
        Stop = UnixSignal.SigInt,
        Force = UnixSignal.SigQuit,
        Grace = TimeSpan.FromSeconds(60),
    };

    /// <summary>Finds the programs, or brings them, and makes the data folder.</summary>
    public static async Task<EmbeddedPostgres> PrepareAsync(DataFolder folder, Terminal terminal, CancellationToken cancellationToken)
    {
        var account = PostgresAccount.Find();
        string home = PostgresHome.Find(folder, account, terminal);
        var installation = await PostgresChoice.MakeAsync(home, terminal, cancellationToken);
        var data = new PostgresData(home, installation, account);
        await data.PrepareAsync(terminal, cancellationToken);
        string logs = Path.Combine(home, "logs");
        DataFolder.Create(logs);
        account.Own(logs);
        if (!Path.Exists(folder.PostgresLogs))
            Directory.CreateSymbolicLink(folder.PostgresLogs, logs);
        return new EmbeddedPostgres(installation, account, data, logs);
    }

    /// <summary>Makes the database in a new cluster.</summary>
    public async Task EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = Database } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private ProcessStartInfo Command()
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            $"port={_port}",
            "unix_socket_directories=",
            "max_connections=200",
            // PostgreSQL writes its own log, a file a weekday, so that it goes on when this server is killed.
            "logging_collector=on",
            $"log_directory={_logs}",
            "log_filename=%a.log",
            "log_truncate_on_rotation=on",
            "log_rotation_age=1d",
            "log_rotation_size=0",
        ];
        var command = OwnSession.Command(
            _installation.Program("postgres"), ["-D", _data.Folder, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        command.UserName = _account.UserName;
        command.WorkingDirectory = _data.Folder;
        return command;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == AuthenticationFailed)
        {
            throw new ServerFailure($"PostgreSQL on port {_port} does not take the password of {_data.Folder}'s: {failure.MessageText}");
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(Connection("postgres", pooling: false).ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private NpgsqlConnectionStringBuilder Connection(string database, bool pooling = true) => new()
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = PostgresData.Superuser,
        Password = _data.Password,
        Database = database,
        Pooling = pooling,
        Timeout = (int)ConnectTimeout.TotalSeconds,
    };
}
