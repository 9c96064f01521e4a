using Jobwatch.Cli.Running;
using Jobwatch.Testing;

namespace Jobwatch.Clients.Tests.Running;

public sealed class PassedSignalsTests
{
    private const int Hangup = 1;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_signal_that_is_told_after_the_programs_end_was_meant_for_it_until_the_wait_is_on()
    {
        using var signals = new PassedSignals();
        signals.ProgramEnded();
        Posix.Signal(Environment.ProcessId, Hangup);
        await Eventually.TrueAsync(() => signals.First == "SIGHUP", Deadline, "the signal is remembered");
        Assert.False(signals.Hurry.IsCancellationRequested);

        signals.WaitIsOn();
        Posix.Signal(Environment.ProcessId, Hangup);
        await Eventually.TrueAsync(() => signals.Hurry.IsCancellationRequested, Deadline, "the wait is ended");
    }
}
