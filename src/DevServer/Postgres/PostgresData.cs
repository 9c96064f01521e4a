using System.Diagnostics;
using System.Globalization;
using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer.Postgres;

/// <summary>The database's files of one major version, its superuser's password and its port.</summary>
internal sealed class PostgresData(string parent, PostgresInstallation installation, PostgresAccount account)
{
    public const string Superuser = "jobwatch";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string OfVersion => Path.Combine(parent, installation.Major.ToString(CultureInfo.InvariantCulture));

    public string Folder => Path.Combine(OfVersion, "data");

    public string Password { get; private set; } = "";

    private string PasswordFile => Path.Combine(parent, "password");

    private string PortFile => Path.Combine(parent, "port");

    public static int[] MajorsIn(string parent) =>
    [
        .. Directory.GetDirectories(parent)
            .Select(folder => Path.Combine(folder, "data", "PG_VERSION"))
            .Where(File.Exists)
            .Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)),
    ];

    /// <summary>Makes the database files where there are none yet.</summary>
    public async Task PrepareAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        bool isNew = !File.Exists(Path.Combine(Folder, "PG_VERSION"));
        if (!isNew && !File.Exists(PasswordFile))
        {
            throw new ServerFailure(
                $"{PasswordFile} is gone, and without it the data in {OfVersion} can't be opened. "
                + "Put it back, or move that folder away to begin anew.");
        }
        Password = SecretFile.ReadOrCreate(PasswordFile, SecretFile.NewSecret);
        Directory.CreateDirectory(OfVersion, OwnerOnly);
        account.Own(OfVersion);
        account.RequireWayTo(OfVersion);
        account.RequireWayTo(installation.Bin);
        if (isNew)
            await InitializeAsync(terminal, cancellationToken);
    }

    /// <summary>The port of the last time; another when somebody has taken it since.</summary>
    public int Port()
    {
        if (File.Exists(PortFile)
            && int.TryParse(File.ReadAllText(PortFile), CultureInfo.InvariantCulture, out int last)
            && LoopbackPort.IsFree(last))
            return last;
        int port = LoopbackPort.AnyFree();
        File.WriteAllText(PortFile, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    private async Task InitializeAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        terminal.Say($"Making a PostgreSQL {installation.Major} database in {Folder} …");
        // Under another name until it is whole: an interrupted one is begun anew.
        string draft = Folder + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        string password = Path.Combine(OfVersion, "initial-password");
        SecretFile.Write(password, Password);
        account.Own(password);
        var command = new ProcessStartInfo(installation.Program("initdb"),
        [
            "-D", draft, "-U", Superuser, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-instructions",
        ])
        {
            UserName = account.UserName,
            WorkingDirectory = OfVersion,
        };
        var (exitCode, error) = await ShortProgram.RunAsync(command, cancellationToken);
        File.Delete(password);
        if (exitCode != 0)
            throw new ServerFailure($"PostgreSQL could not make its data folder {draft}:\n{error}");
        Directory.Move(draft, Folder);
    }
}
