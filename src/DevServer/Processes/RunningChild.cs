using System.Diagnostics;

namespace Jobwatch.DevServer.Processes;

/// <summary>A live process: started here, or left by a killed server.</summary>
internal sealed class RunningChild
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    private readonly ProcessIdentity _identity;
    private readonly ChildOutput? _output;

    private RunningChild(ProcessIdentity identity, ChildOutput? output, Task<string> ended)
    {
        _identity = identity;
        _output = output;
        Ended = ended;
    }

    public int Id => _identity.Id;

    public ProcessIdentity Identity => _identity;

    /// <summary>Done when the process is gone; says how it ended.</summary>
    public Task<string> Ended { get; }

    /// <summary>Its last lines, one a line; empty for one that was left by another server.</summary>
    public string Tail => _output?.Tail ?? "";

    public static RunningChild Start(ProcessStartInfo command, ChildOutput output, TimeProvider time)
    {
        command.RedirectStandardInput = true;
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        var process = Process.Start(command)!;
        process.StandardInput.Close();
        // Null when it died at once: the identity is then of nobody, and never signalled.
        var identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, "dead");
        return new RunningChild(identity, output, WaitForEndAsync(process, output, time));
    }

    public static RunningChild Attach(ProcessIdentity process, TimeProvider time) => new(process, null, WaitForEndAsync(process, time));

    public void Signal(UnixSignal signal)
    {
        if (_identity.IsAlive)
            Posix.Signal(Id, signal);
    }

    private static async Task<string> WaitForEndAsync(Process process, ChildOutput output, TimeProvider time)
    {
        var reading = Task.WhenAll(
            output.ReadAsync(process.StandardOutput, isError: false), output.ReadAsync(process.StandardError, isError: true));
        await process.WaitForExitAsync();
        // The last lines are in the pipe already; only a grandchild that holds it open would keep this waiting.
        await Task.WhenAny(reading, Task.Delay(PipeGrace, time));
        string how = $"exit code {process.ExitCode}";
        process.Dispose();
        return how;
    }

    // The kernel tells only the parent of an end; for another's child there is nothing but to look.
    private static async Task<string> WaitForEndAsync(ProcessIdentity process, TimeProvider time)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        while (process.IsAlive)
            await timer.WaitForNextTickAsync();
        return "unknown exit code";
    }
}
