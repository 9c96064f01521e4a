using Jobwatch.Cli.Running;
using Jobwatch.Cli.Terminal;
using Jobwatch.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Running;

[Collection(nameof(PassedSignals))]
public sealed class PassedSignalsTests
{
    private const int Hangup = 1;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_signal_that_is_told_after_the_programs_end_was_meant_for_it_until_the_wait_is_on()
    {
        using var signals = new PassedSignals();
        await signals.ProgramEndedAsync(0, TimeProvider.System);
        Posix.Signal(Environment.ProcessId, Hangup);
        await Eventually.TrueAsync(() => signals.First == "SIGHUP", Deadline, "the signal is remembered");
        Assert.False(signals.Hurry.IsCancellationRequested);

        signals.WaitIsOn();
        Posix.Signal(Environment.ProcessId, Hangup);
        await Eventually.TrueAsync(() => signals.Hurry.IsCancellationRequested, Deadline, "the wait is ended");
    }

    [Theory]
    [InlineData(129, "SIGHUP", 1)]
    [InlineData(130, "SIGINT", 2)]
    [InlineData(131, "SIGQUIT", 3)]
    [InlineData(143, "SIGTERM", 15)]
    public async Task A_signal_that_may_have_ended_the_program_is_waited_for_until_it_is_told(int exitCode, string name, int number)
    {
        using var signals = new PassedSignals();
        var ended = signals.ProgramEndedAsync(exitCode, new FakeTimeProvider());
        Assert.False(ended.IsCompleted);

        signals.Take(name, number);
        await ended.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(name, signals.First);
    }

    [Fact]
    public async Task A_program_that_ended_itself_by_a_signal_is_believed_after_a_tenth_of_a_second()
    {
        using var signals = new PassedSignals();
        var time = new FakeTimeProvider();
        var ended = signals.ProgramEndedAsync(130, time);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(ended.IsCompleted);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await ended.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Null(signals.First);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(137)]
    public void After_any_other_end_nothing_is_waited_for(int exitCode)
    {
        using var signals = new PassedSignals();
        Assert.True(signals.ProgramEndedAsync(exitCode, new FakeTimeProvider()).IsCompletedSuccessfully);
    }

    [Fact]
    public void After_a_signal_that_was_told_in_time_nothing_is_waited_for()
    {
        using var signals = new PassedSignals();
        signals.Take("SIGINT", 2);
        Assert.True(signals.ProgramEndedAsync(130, new FakeTimeProvider()).IsCompletedSuccessfully);
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
    public async Task A_handler_that_is_still_at_work_when_all_is_over_finds_nothing_to_do()
    {
        var signals = new PassedSignals();
        await signals.ProgramEndedAsync(0, TimeProvider.System);
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
