using System.ComponentModel;
using System.Diagnostics;
using Jobwatch.Cli.Spooling;
using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>Runs one program and records it.</summary>
internal sealed class ProgramRun(RunOptions options, TimeProvider time)
{
    // A child that the program left running may hold its output open for ever.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    private readonly RunEvents _events = new(options.ExecutionId, time);

    /// <returns>The program's exit code; 128 + n if signal n ended it.</returns>
    internal async Task<int> RunAsync()
    {
        var path = Executable.Resolve(options.CommandLine[0], Environment.GetEnvironmentVariable("PATH"));
        using var signals = new PassedSignals();
        ExecutionEvent[] begin =
        [
            _events.Started(options.Worker, options.Labels),
            _events.Command(options.CommandLine, Directory.GetCurrentDirectory()),
        ];
        var started = time.GetTimestamp();
        using var program = Start(path);
        signals.PassTo(program.Id);

        var header = new SpoolHeader(options.JobId, options.ExecutionId, options.Server.Text, options.Server.TokenFile);
        await using var recording = Recording.Start(options.Server, options.SpoolFolder, header, time);
        recording.Record(begin);

        var pumps = Task.WhenAll(
            new OutputPump(program.StandardOutput.BaseStream, StandardStream.Output, "stdout", _events, recording.Record).RunAsync(),
            new OutputPump(program.StandardError.BaseStream, StandardStream.Error, "stderr", _events, recording.Record).RunAsync());

        await program.WaitForExitAsync();
        signals.ProgramEnded();
        var duration = time.GetElapsedTime(started);
        await Task.WhenAny(pumps, Task.Delay(OutputGrace, time));

        await recording.FinishAsync(
            [
                _events.Summary(program.ExitCode, duration),
                _events.Ended(options.CommandLine[0], program.ExitCode, signals.First),
            ],
            options.DrainTimeout,
            time,
            signals);
        return program.ExitCode;
    }

    private Process Start(string path)
    {
        var start = new ProcessStartInfo(path, options.CommandLine.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw Executable.NotExecutable(options.CommandLine[0]);
        }
    }
}
