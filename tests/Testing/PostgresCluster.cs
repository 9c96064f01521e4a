using System.Net.Sockets;
using Npgsql;

namespace Jobwatch.Testing;

/// <summary>
/// A real PostgreSQL in a temporary folder, reached through a unix socket there: no port to collide on. It ends with
/// this process, its folder too. Take <see cref="Shared"/> unless the test breaks the cluster.
/// </summary>
/// <param name="fsync">False is several times faster and loses data only when the machine itself crashes.</param>
/// <param name="parent">The folder that its own one is made in. Default: the temporary folder.</param>
public sealed class PostgresCluster(bool fsync, string? parent = null) : IAsyncDisposable
{
    private const string Superuser = "postgres";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly List<string> _settings = [];
    private string? _folder;
    private ChildProcess? _postgres;
    private int _databases;
    private volatile bool _wasReady;

    /// <summary>The one cluster of this test process, without fsync; the first database asked for starts it. Never kill it.</summary>
    public static PostgresCluster Shared { get; } = new(fsync: false);

    /// <summary>Its process's id, and its log in the output.</summary>
    public ChildProcess Process => _postgres ?? throw new InvalidOperationException("Not started.");

    /// <summary>Where it listens.</summary>
    public UnixDomainSocketEndPoint Socket => new(Path.Combine(Folder, ".s.PGSQL.5432"));

    private string Folder => _folder ?? throw new InvalidOperationException("Not started.");

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Starts it, or after <see cref="KillAsync"/> or <see cref="StopAsync"/> starts it again on the same address and data.</summary>
    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_postgres is { HasExited: false })
                return;
            if (_folder is null)
                await InitializeAsync();
            _postgres = ChildProcess.Start(Command("postgres", ["-D", Data, .. Settings()]) with { LastSignal = UnixSignal.SigQuit });
            await _postgres.WaitForLineAsync("database system is ready to accept");
            _wasReady = true;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A connection string of a new, empty database; starts the cluster when it never was.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        if (!_wasReady)
            await StartAsync();
        string name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", pooling: false));
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name} STRATEGY file_copy";
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name, pooling: true);
    }

    /// <summary>
    /// A copy of this running cluster that follows it, with its databases. Started; <see cref="ExecuteAsync"/> with
    /// <c>SELECT pg_promote()</c> makes it one of its own.
    /// </summary>
    /// <param name="primaryInfo">How it reaches this one, as libpq's connection string; null: directly.</param>
    public async Task<PostgresCluster> StartStandbyAsync(string? primaryInfo = null)
    {
        var standby = new PostgresCluster(fsync) { _databases = _databases, _wasReady = true };
        standby.MakeFolder();
        string info = primaryInfo ?? $"host={Folder}";
        await using var copying = ChildProcess.Start(standby.Command(
            "pg_basebackup", ["-D", standby.Data, "-h", Folder, "-U", Superuser, "-X", "stream", "-c", "fast", "--no-sync"]));
        if (await copying.WaitForExitAsync() != 0)
            throw new InvalidOperationException(copying.Describe("failed"));
        string signal = Path.Combine(standby.Data, "standby.signal");
        await File.WriteAllTextAsync(signal, "");
        PostgresAccount.Current.Own(signal);
        standby._settings.Add($"primary_conninfo={info} user={Superuser}");
        await standby.StartAsync();
        return standby;
    }

    /// <summary>Runs a statement as the superuser; the first value that it returns, if any.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", pooling: false));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A connection string of this cluster for a database that another one's names, of which it is a copy.</summary>
    public string ConnectionStringLike(string other) => new NpgsqlConnectionStringBuilder(other) { Host = Folder }.ConnectionString;

    /// <summary>SIGKILL to every process of the cluster, sent before this returns; done when none is left.</summary>
    public async Task KillAsync()
    {
        int[] backends = ProcessTree.ChildrenOf(Process.Id);
        Process.Signal(UnixSignal.SigKill);
        foreach (int backend in backends)
            Posix.Signal(backend, UnixSignal.SigKill);
        await Process.WaitForExitAsync();
        // A backend that still has the shared memory open would keep the next start from it.
        await Eventually.TrueAsync(
            () => !backends.Any(ProcessTree.IsAlive), ChildProcess.DefaultDeadline, "PostgreSQL's processes are gone");
    }

    /// <summary>A signal to one of its backends. SIGKILL would end all of them.</summary>
    public static void Signal(int backend, UnixSignal signal) => Posix.Signal(backend, signal);

    /// <summary>Fast shutdown: ends every session, writes a checkpoint.</summary>
    public async Task StopAsync()
    {
        Process.Signal(UnixSignal.SigInt);
        await Process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is { HasExited: false })
        {
            // Not SIGKILL: that would leave its shared memory segment to the system.
            _postgres.Signal(UnixSignal.SigQuit);
            await _postgres.WaitForExitAsync();
        }
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        _folder = null;
        _starting.Dispose();
    }

    private void MakeFolder()
    {
        string folder = parent is null
            ? Directory.CreateTempSubdirectory("jobwatch-pg-").FullName
            : Directory.CreateDirectory(Path.Combine(parent, "jobwatch-pg")).FullName;
        Watchdog.DeleteAtTheEnd(folder);
        PostgresAccount.Current.Own(folder);
        _folder = folder;
    }

    private async Task InitializeAsync()
    {
        MakeFolder();
        await using var initdb = ChildProcess.Start(Command(
            "initdb", ["-D", Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]));
        if (await initdb.WaitForExitAsync() != 0)
            throw new InvalidOperationException(initdb.Describe("failed"));
    }

    private ChildCommand Command(string program, IReadOnlyList<string> arguments) =>
        new(PostgresBinaries.Program(program), arguments) { UserName = PostgresAccount.Current.UserName, WorkingDirectory = Folder };

    private IEnumerable<string> Settings()
    {
        List<string> settings = ["listen_addresses=", $"unix_socket_directories={Folder}", "max_connections=200", .. _settings];
        if (!fsync)
            settings.AddRange(["fsync=off", "full_page_writes=off"]);
        return settings.SelectMany(setting => new[] { "-c", setting });
    }

    private string ConnectionString(string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Folder,
            Username = Superuser,
            Database = database,
            Pooling = pooling,
            MaxPoolSize = 50,
        }.ConnectionString;
}
