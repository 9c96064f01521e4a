using System.Security.Cryptography;
using System.Text;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer.Postgres;

/// <summary>
/// Where PostgreSQL's files lie: in the data folder. But root's own folders (a checkout in /root) are closed to the
/// user that PostgreSQL runs as: then a folder of /var/lib, with a link to it in the data folder.
/// </summary>
internal static class PostgresHome
{
    private const string Elsewhere = "/var/lib/jobwatch";

    public static string Find(DataFolder folder, PostgresAccount account, Terminal terminal)
    {
        string home = folder.Postgres;
        if (Directory.ResolveLinkTarget(home, returnFinalTarget: true) is { } linked)
        {
            home = linked.FullName;
            DataFolder.Create(home);
        }
        else if (account.BlockOnWayTo(home) is { } blocked && !Directory.EnumerateFileSystemEntries(home).Any())
        {
            home = Path.Combine(Elsewhere, Name(folder.Root));
            terminal.Say($"User {account.UserName}, who runs PostgreSQL, may not enter {blocked}: its files are in {home}.");
            DataFolder.Create(Elsewhere);
            DataFolder.Create(home);
            Directory.Delete(folder.Postgres);
            Directory.CreateSymbolicLink(folder.Postgres, home);
        }
        account.RequireWayTo(home);
        return home;
    }

    // Two data folders never share one.
    private static string Name(string root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..16];
}
