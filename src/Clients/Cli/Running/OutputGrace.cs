namespace Jobwatch.Cli.Running;

/// <summary>How long output is waited for after the program's end: a child that it left running may hold its output open for ever.</summary>
internal sealed class OutputGrace
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;

    internal OutputGrace(Task programEnded, TimeProvider time)
    {
        _time = time;
        ProgramEnded = programEnded;
        Over = OverAsync();
    }

    internal Task ProgramEnded { get; }

    /// <summary>Done when the grace after the program's end is over.</summary>
    internal Task Over { get; }

    /// <summary>The same time from now on.</summary>
    internal Task DelayAsync() => Task.Delay(Length, _time);

    private async Task OverAsync()
    {
        await ProgramEnded;
        await DelayAsync();
    }
}
