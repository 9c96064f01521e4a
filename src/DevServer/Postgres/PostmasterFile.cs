using System.Globalization;
using Jobwatch.DevServer.Processes;

namespace Jobwatch.DevServer.Postgres;

/// <summary>PostgreSQL's own note of who runs on a data folder: line 1 the process, line 4 the port.</summary>
internal sealed record PostmasterFile(ProcessIdentity Process, int Port)
{
    private const int PortLine = 3;

    /// <summary>Null when none runs there: no file, or one that a crash left.</summary>
    public static PostmasterFile? Read(string data)
    {
        string path = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(path))
            return null;
        string[] lines = File.ReadAllLines(path);
        if (lines.Length <= PortLine
            || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out int id)
            || !int.TryParse(lines[PortLine], CultureInfo.InvariantCulture, out int port))
            return null;
        return ProcessIdentity.Of(id) is { } process && WorksIn(process, data) ? new(process, port) : null;
    }

    // A stale file's pid may be anybody's by now. The postmaster's working directory is its data folder.
    private static bool WorksIn(ProcessIdentity process, string data)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process.Id}/cwd", returnFinalTarget: false)?.FullName == Path.GetFullPath(data);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
