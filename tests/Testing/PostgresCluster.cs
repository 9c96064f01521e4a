using Npgsql;

namespace Jobwatch.Testing;

/// <summary>
/// A real PostgreSQL in a temporary folder, reached through a unix socket there: no port to collide on. It ends with
/// this process, its folder too. Take <see cref="Shared"/> unless the test breaks the cluster.
/// </summary>
/// <param name="fsync">False is several times faster and loses data only when the machine itself crashes.</param>
public sealed class PostgresCluster(bool fsync) : IAsyncDisposable
{
    private const string Superuser = "postgres";

    private readonly SemaphoreSlim _starting = new(1);
    private string? _folder;
    private ChildProcess? _postgres;
    private int _databases;
    private volatile bool _wasReady;

    /// <summary>The one cluster of this test process, without fsync; the first database asked for starts it. Never kill it.</summary>
    public static PostgresCluster Shared { get; } = new(fsync: false);

    /// <summary>Its process's id, and its log in the output.</summary>
    public ChildProcess Process => _postgres ?? throw new InvalidOperationException("Not started.");

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
            await _postgres.WaitForLineAsync("database system is ready to accept connections");
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

    private async Task InitializeAsync()
    {
        string folder = Directory.CreateTempSubdirectory("jobwatch-pg-").FullName;
        Watchdog.DeleteAtTheEnd(folder);
        PostgresAccount.Current.Own(folder);
        _folder = folder;
        await using var initdb = ChildProcess.Start(Command(
            "initdb", ["-D", Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]));
        if (await initdb.WaitForExitAsync() != 0)
            throw new InvalidOperationException(initdb.Describe("failed"));
    }

    private ChildCommand Command(string program, IReadOnlyList<string> arguments) =>
        new(PostgresBinaries.Program(program), arguments) { UserName = PostgresAccount.Current.UserName, WorkingDirectory = Folder };

    private IEnumerable<string> Settings()
    {
        List<string> settings = ["listen_addresses=", $"unix_socket_directories={Folder}", "max_connections=200"];
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
