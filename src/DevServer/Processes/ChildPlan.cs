using System.Diagnostics;

namespace Jobwatch.DevServer.Processes;

/// <summary>How one of the servers is started, known to be ready, and stopped.</summary>
/// <param name="Name">Of its log and pid file, and in what the terminal says.</param>
/// <param name="Command">Asked at each start.</param>
/// <param name="IsReady">Asked until true.</param>
internal sealed record ChildPlan(string Name, Func<ProcessStartInfo> Command, Func<CancellationToken, Task<bool>> IsReady)
{
    /// <summary>One left running by a server that was killed, when it is to be kept.</summary>
    public Func<ProcessIdentity?> Leftover { get; init; } = () => null;

    /// <summary>Which lines the terminal shows too; the flag is true for stderr. Default: all of stderr, and logged warnings.</summary>
    public Func<string, bool, bool> IsTrouble { get; init; } = (line, isError) => isError || LogLine.IsWarning(line);

    /// <summary>Asks for a clean end.</summary>
    public UnixSignal Stop { get; init; } = UnixSignal.SigTerm;

    /// <summary>Ends it at once, after <see cref="Grace"/> or when asked twice.</summary>
    public UnixSignal Force { get; init; } = UnixSignal.SigKill;

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(90);
}
