using System.Diagnostics;

namespace Jobwatch.DevServer.Processes;

/// <summary>
/// Starts a child in a session of its own: else the terminal's Ctrl-C would reach every child at once, and the order
/// of the shutdown, edge before node before PostgreSQL, would be lost.
/// </summary>
internal static class OwnSession
{
    private const string Setsid = "/usr/bin/setsid";

    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments) =>
        File.Exists(Setsid) ? new(Setsid, [program, .. arguments]) : new(program, arguments);
}
