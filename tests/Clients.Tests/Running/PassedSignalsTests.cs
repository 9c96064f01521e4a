using Jobwatch.Cli.Running;
using Jobwatch.Cli.Terminal;
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

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_ctrl_c_while_the_program_starts_is_passed_on_only_where_the_terminal_has_not_given_it(bool typed, bool passedOn)
    {
        using var signals = new PassedSignals(() => typed);
        await using var program = await TrappingAsync();
        signals.ProgramStarts();
        signals.Take("SIGINT", 2);
        signals.PassTo(program.Id);

        Assert.Equal("SIGINT", signals.First);
        Assert.Equal(passedOn, await HasGotItAsync(program));
    }

    [Fact]
    public async Task A_ctrl_c_before_the_program_is_passed_on_wherever_it_was_typed()
    {
        using var signals = new PassedSignals(() => true);
        signals.Take("SIGINT", 2);
        signals.ProgramStarts();
        await using var program = await TrappingAsync();
        signals.PassTo(program.Id);

        Assert.True(await HasGotItAsync(program));
    }

    [Fact]
    public void A_handler_that_is_still_at_work_when_all_is_over_finds_nothing_to_do()
    {
        var signals = new PassedSignals();
        signals.ProgramEnded();
        signals.WaitIsOn();
        signals.Dispose();
        signals.Take("SIGINT", 2);

        var stop = new StopSignals();
        stop.Dispose();
        stop.Stop();
    }

    private static async Task<ChildProcess> TrappingAsync()
    {
        var program = ChildProcess.Start(new ChildCommand("sh", "-c", "trap 'echo got it' INT; echo ready; until [ \"$line\" = done ]; do read -r line; done"));
        await program.WaitForLineAsync("ready");
        return program;
    }

    // The shell takes a pending signal before its next line.
    private static async Task<bool> HasGotItAsync(ChildProcess program)
    {
        await program.StandardInput.WriteLineAsync("done");
        await program.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync();
        return program.StandardOutput.All.Contains("got it");
    }
}
