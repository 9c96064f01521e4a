using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;
using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>Runs one program and records it.</summary>
internal sealed class ProgramRun(RunOptions options, TimeProvider time)
{
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
        var header = new SpoolHeader(
            options.JobId, options.ExecutionId, options.Server.Text, options.Server.TokenFile, Tokens.MarkOf(options.Server.Token));
        // Before the program: what fails here must not leave it running alone.
        await using var recording = Recording.Start(options.Server, options.SpoolFolder, header, time);
        var started = time.GetTimestamp();
        signals.ProgramStarts();
        using var program = Start(path, recording);
        signals.PassTo(program.Id);
        recording.Record(begin);

        var ended = program.WaitForExitAsync();
        var grace = new OutputGrace(ended, time);
        // Each on a thread of its own: a slow reader of one holds up neither the other nor what follows.
        var pumps = Task.WhenAll(
            Task.Run(Pump(program.StandardOutput, StandardStream.Output, "stdout").RunAsync),
            Task.Run(Pump(program.StandardError, StandardStream.Error, "stderr").RunAsync));

        await ended;
        var duration = time.GetElapsedTime(started);
        await signals.ProgramEndedAsync(program.ExitCode, time);
        await Task.WhenAny(pumps, grace.Over);
        if (!pumps.IsCompleted)
        {
            // Whoever reads this tool's output is slow.
            signals.WaitIsOn();
            await pumps.WaitAsync(signals.Hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await recording.FinishAsync(
            [
                _events.Summary(program.ExitCode, duration),
                _events.Ended(options.CommandLine[0], program.ExitCode, signals.First),
            ],
            options.DrainTimeout,
            time,
            signals);
        return program.ExitCode;

        OutputPump Pump(StreamReader from, StandardStream to, string name) =>
            new((AnonymousPipeClientStream)from.BaseStream, to, name, _events, recording.Record, grace);
    }

    private Process Start(string path, Recording recording)
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
        catch (Exception failed)
        {
            recording.Forget();
            if (failed is Win32Exception)
                throw Executable.NotExecutable(options.CommandLine[0]);
            throw;
        }
    }
}
