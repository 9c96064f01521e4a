using System.Runtime.InteropServices;
using Jobwatch.Cli.Running;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Running;

[Collection(nameof(PassedSignals))]
public sealed class ProgramRunTests : IDisposable
{
    private const int Hangup = 1;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("run-").FullName;

    [Fact]
    public async Task A_recording_that_can_not_be_set_up_leaves_no_program_running()
    {
        var ran = Path.Combine(_folder, "ran");
        var options = Options("a\nb", $"echo $$ > {ran}; exec sleep 1");
        await Assert.ThrowsAsync<FormatException>(() => new ProgramRun(options, TimeProvider.System).RunAsync());
        Assert.False(File.Exists(ran));
        Assert.False(Directory.Exists(options.SpoolFolder));
    }

    [Fact]
    public async Task A_run_whose_stop_signal_is_told_after_the_programs_end_is_recorded_as_cancelled()
    {
        // Also after a run that waited for none: it must not end the tests.
        using var harmless = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        var last = await LastEventAsync(_ => Posix.Signal(Environment.ProcessId, Hangup));
        Assert.Equal("SIGHUP", last.ExecutionCancelled?.Reason);
    }

    [Fact]
    public async Task A_run_whose_program_ended_itself_by_a_stop_signal_is_recorded_as_failed_by_it()
    {
        var last = await LastEventAsync(clock => clock.Advance(Telling));
        Assert.Equal("SIGNAL_1", last.ExecutionFailed?.Error.Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Of a run whose program has ended by SIGHUP, of which nothing is told until then.
    private async Task<ExecutionEvent> LastEventAsync(Action<StandingClock> then)
    {
        var clock = new StandingClock(Telling);
        var options = Options(null, "kill -HUP $$");
        var run = new ProgramRun(options, clock).RunAsync();
        await Task.WhenAny(run, clock.Begun).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        then(clock);

        Assert.Equal(128 + Hangup, await run.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        using var spool = Spool.TryOpen(Assert.Single(Directory.GetFiles(options.SpoolFolder)));
        return spool!.Take(100, 1_000_000)!.Events[^1];
    }

    // Nobody is at that address: what is recorded stays in the spool.
    private RunOptions Options(string? token, string script) => new(
        new ServerAddress(new Uri("http://127.0.0.1:1"), token, null, "a test"), "j", "e", new Dictionary<string, string>(), "w",
        Path.Combine(_folder, "spool"), TimeSpan.Zero, ["sh", "-c", script]);
}
