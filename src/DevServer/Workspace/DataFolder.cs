namespace Jobwatch.DevServer.Workspace;

/// <summary>Where everything lies in the folder of <c>--data</c>.</summary>
internal sealed class DataFolder
{
    // PostgreSQL may run as another user, who has to pass through; what is secret is closed file by file.
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public DataFolder(string root)
    {
        Root = root;
        Create(root);
        Create(Logs);
        Create(Running);
        Create(Postgres);
    }

    public string Root { get; }

    public string Logs => Path.Combine(Root, "logs");

    public string Postgres => Path.Combine(Root, "postgres");

    /// <summary>A link to where PostgreSQL writes its log.</summary>
    public string PostgresLogs => Path.Combine(Logs, "postgres");

    /// <summary>A bearer token of tenant <c>local</c>.</summary>
    public string TokenFile => Path.Combine(Root, "token");

    /// <summary>All tokens the node takes: a line is a tenant and its token.</summary>
    public string TokensFile => Path.Combine(Root, "tokens");

    public string ServerFile => Path.Combine(Root, "server.json");

    public string LockFile => Path.Combine(Root, "lock");

    private string Running => Path.Combine(Root, "run");

    /// <summary>A folder that others may pass through, whatever the umask says; one that exists stays as it is.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;
        try
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, Passable);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ServerFailure($"Can't make the folder {folder} of --data: {failure.Message}");
        }
    }

    public string PidFile(string process) => Path.Combine(Running, process + ".pid");

    public string LogFile(string process) => Path.Combine(Logs, process + ".log");
}
