using System.Diagnostics;

namespace Jobwatch.Testing;

/// <summary>A started program with its output; killed when disposed, and when the test process dies however it dies.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(60);

    private readonly ChildCommand _command;
    private readonly Process _process;
    private readonly Task _exited;

    private ChildProcess(ChildCommand command, Process process)
    {
        _command = command;
        _process = process;
        _exited = ReadToTheEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>128 + signal number after a signal, as shells say it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Done when the process has ended and its output is read.</summary>
    public Task Exited => _exited;

    public OutputLines Output { get; } = new();

    public OutputLines StandardOutput { get; } = new();

    public OutputLines StandardError { get; } = new();

    public StreamWriter StandardInput => _process.StandardInput;

    public static ChildProcess Start(ChildCommand command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UserName = command.UserName,
            WorkingDirectory = command.WorkingDirectory,
        };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"Could not start {command}");
        Watchdog.Watch(process.Id, command.LastSignal);
        return new ChildProcess(command, process);
    }

    /// <summary>The first line, past or to come, of stdout or stderr that <paramref name="matches"/>.</summary>
    /// <exception cref="TimeoutException">None came before the deadline (default 60 s); its message has the last lines.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, TimeSpan? deadline = null)
    {
        try
        {
            return await Output.FirstAsync(matches).WaitAsync(deadline ?? DefaultDeadline);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            throw new TimeoutException(Describe("did not write the awaited line"), failure);
        }
    }

    public Task<string> WaitForLineAsync(string part, TimeSpan? deadline = null) =>
        WaitForLineAsync(line => line.Contains(part, StringComparison.Ordinal), deadline);

    /// <summary>Asks <paramref name="condition"/> until it holds; fails at once when the child ends before.</summary>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        try
        {
            await Eventually.TrueAsync(
                cancel => HasExited ? throw new InvalidOperationException("It ended.") : condition(cancel),
                deadline ?? DefaultDeadline,
                what);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            throw new TimeoutException(Describe($"did not come to this: {what}"), failure);
        }
    }

    /// <summary>The exit code, once the child has ended by itself or by a signal.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? deadline = null)
    {
        try
        {
            await _exited.WaitAsync(deadline ?? DefaultDeadline);
            return ExitCode;
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException(Describe("did not end"), failure);
        }
    }

    public void Signal(UnixSignal signal)
    {
        if (!HasExited)
            Posix.Signal(Id, signal);
    }

    /// <summary>SIGKILL, sent before this returns; the task is done when the process is gone.</summary>
    public Task KillAsync()
    {
        Signal(UnixSignal.SigKill);
        return WaitForExitAsync();
    }

    /// <summary>What is known of the child, for a failure's message.</summary>
    public string Describe(string failure) =>
        $"{_command} {failure} ({(HasExited ? $"exit code {ExitCode}" : $"running, pid {Id}")}). Its last lines:\n{Output.Tail}";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task ReadToTheEndAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, StandardOutput), ReadAsync(_process.StandardError, StandardError));
        await _process.WaitForExitAsync();
        Watchdog.Forget(Id, _command.LastSignal);
        Output.Complete();
    }

    private async Task ReadAsync(StreamReader reader, OutputLines lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            Output.Add(line);
        }
        lines.Complete();
    }
}
