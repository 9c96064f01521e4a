namespace Jobwatch.DevServer.Processes;

/// <summary>Children of a server that was killed: they would hold the ports.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static async Task EndAsync(string name, PidFile pidFile, Terminal terminal, TimeProvider time)
    {
        if (pidFile.Read() is not { } process)
            return;
        terminal.Say($"Ending the {name} (process {process.Id}) that a killed server left.");
        var leftover = RunningChild.Attach(process, time);
        leftover.Signal(UnixSignal.SigTerm);
        try
        {
            await leftover.Ended.WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            leftover.Signal(UnixSignal.SigKill);
            await leftover.Ended;
        }
        pidFile.Delete();
    }
}
