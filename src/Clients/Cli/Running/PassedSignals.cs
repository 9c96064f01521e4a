using System.Runtime.InteropServices;

namespace Jobwatch.Cli.Running;

/// <summary>
/// Takes the signals that ask for a stop and passes them on to the program, instead of dying before it. The first one is
/// remembered: the run was cancelled. What comes while the run waits for the server ends that wait.
/// </summary>
internal sealed class PassedSignals : IDisposable
{
    // Exit codes of programs that SIGHUP, SIGINT, SIGQUIT or SIGTERM ended.
    private static readonly int[] Stopped = [129, 130, 131, 143];

    // The runtime tells of signals on a thread that a busy machine may leave waiting while the program ends.
    private static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _early = [];
    private readonly Func<bool> _isInForeground;
    private int? _program;
    private bool _starting;
    private bool _ended;
    private bool _waiting;
    private bool _disposed;

    /// <param name="isInForeground">Whether what is typed at the terminal reaches the program by itself. Default: as it is.</param>
    internal PassedSignals(Func<bool>? isInForeground = null)
    {
        _isInForeground = isInForeground ?? Posix.IsInForeground;
        _registrations =
        [
            Register(PosixSignal.SIGINT, "SIGINT", 2),
            Register(PosixSignal.SIGQUIT, "SIGQUIT", 3),
            Register(PosixSignal.SIGTERM, "SIGTERM", 15),
            Register(PosixSignal.SIGHUP, "SIGHUP", 1),
        ];
    }

    /// <summary>The first signal that was meant for the program; null if none was.</summary>
    internal string? First => _first.Task.IsCompletedSuccessfully ? _first.Task.Result : null;

    /// <summary>Cancelled by a signal that was meant for the wait.</summary>
    internal CancellationToken Hurry => _hurry.Token;

    /// <summary>The program is about to run: from now on the terminal reaches it, though its process id isn't known yet.</summary>
    internal void ProgramStarts()
    {
        lock (_gate)
            _starting = true;
    }

    /// <summary>The program runs; what came before is passed on now.</summary>
    internal void PassTo(int program)
    {
        lock (_gate)
        {
            _program = program;
            foreach (var signal in _early)
                Posix.Signal(program, signal);
        }
    }

    /// <summary>
    /// The program has ended: its process id may soon be another's. A signal that comes now was still meant for it: whoever signals both
    /// (a terminal, a service manager) may end it before this process is told. So where a stop signal ended it, and none was told yet, this
    /// is done when one is, after 100 ms at most: then the signal was the program's own.
    /// </summary>
    /// <param name="exitCode">128 + n for a program that signal n ended.</param>
    /// <param name="time">The clock of that wait.</param>
    internal async Task ProgramEndedAsync(int exitCode, TimeProvider time)
    {
        lock (_gate)
            _ended = true;
        if (Stopped.Contains(exitCode))
            await ((Task)_first.Task).WaitAsync(Telling, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The wait for the server is long enough to be what a signal is meant for.</summary>
    internal void WaitIsOn()
    {
        lock (_gate)
            _waiting = true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        // A handler may still be at work: that it is disposed of doesn't wait for it.
        lock (_gate)
        {
            _disposed = true;
            _hurry.Dispose();
        }
    }

    private PosixSignalRegistration Register(PosixSignal kind, string name, int number) => PosixSignalRegistration.Create(kind, context =>
    {
        context.Cancel = true;
        Take(name, number);
    });

    /// <summary>What a signal's handler does.</summary>
    internal void Take(string name, int number)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            if (_waiting)
            {
                _hurry.Cancel();
                return;
            }

            _first.TrySetResult(name);
            if (_ended)
                return;
            // Typed at the terminal it has reached the program already, which shares the terminal's foreground group.
            if (_starting && number is 2 or 3 && _isInForeground())
                return;
            if (_program is { } program)
                Posix.Signal(program, number);
            else
                _early.Add(number);
        }
    }
}
