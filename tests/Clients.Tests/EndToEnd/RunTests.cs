using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class RunTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private readonly Cli _cli = fixture.Cli;
    private readonly string _job = fixture.NewJob();

    [Fact]
    public async Task Records_the_start_every_line_and_the_end_of_a_program()
    {
        var ended = await _cli.RunAsync(
            "run", "--job", _job, "--execution", "e1", "--worker", "w7", "--label", "ledger=eu", "--label", "a=b=c", "--",
            "sh", "-c", "echo one; echo two >&2; echo; printf three");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["one", "", "three"], ended.Output);
        Assert.Equal(["two"], ended.Error);

        var events = await fixture.EventsAsync(_job);
        Assert.Equal(
            ["execution_started", "custom", "log_written", "log_written", "log_written", "log_written", "summary_updated", "execution_succeeded"],
            events.Select(one => one.Type));
        Assert.All(events, one => Assert.Equal("e1", one.ExecutionId));
        Assert.Equal("w7", events[0].ExecutionStarted.Worker);
        Assert.Equal("eu", events[0].ExecutionStarted.Labels["ledger"]);
        Assert.Equal("b=c", events[0].ExecutionStarted.Labels["a"]);
        Assert.Equal("command", events[1].Custom.Name);
        Assert.Equal("sh", events[1].Custom.Data.Fields["args"].ListValue.Values[0].StringValue);
        Assert.Equal(_cli.Folder, events[1].Custom.Data.Fields["cwd"].StringValue);
        Assert.Equal(["one", "", "three"], Lines(events, "stdout"));
        Assert.Equal(["two"], Lines(events, "stderr"));
        var summary = events[6].SummaryUpdated.Summary.Fields;
        Assert.Equal(0, summary["exitCode"].NumberValue);
        Assert.InRange(summary["durationSeconds"].NumberValue, 0.001, 60);
        Assert.Empty(_cli.Spools);
    }

    [Theory]
    [InlineData("exit 3", 3, "EXIT_3")]
    [InlineData("kill -9 $$", 137, "SIGNAL_9")]
    [InlineData("kill -TERM $$", 143, "SIGNAL_15")]
    public async Task Mirrors_a_failures_exit_code_and_records_it(string script, int exitCode, string code)
    {
        var ended = await _cli.RunAsync("run", "--job", _job, "--", "sh", "-c", script);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(code, (await fixture.EventsAsync(_job))[^1].ExecutionFailed.Error.Code);
    }

    [Fact]
    public async Task Says_of_a_program_that_is_not_there_or_can_not_be_executed()
    {
        var missing = await _cli.RunAsync("run", "--job", _job, "--", "no-such-program");
        Assert.Equal(127, missing.ExitCode);
        Assert.Contains("no-such-program", Assert.Single(missing.Error), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "data"), "x", TestContext.Current.CancellationToken);
        var unfit = await _cli.RunAsync("run", "--job", _job, "--", "./data");
        Assert.Equal(126, unfit.ExitCode);
        Assert.Contains("./data", Assert.Single(unfit.Error), StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(_cli.Folder, "data"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(126, (await _cli.RunAsync("run", "--job", _job, "--", "./data")).ExitCode);
        Assert.Empty(_cli.Spools);
    }

    [Fact]
    public async Task A_token_that_no_header_takes_is_said_before_the_program_runs()
    {
        var ended = await _cli.RunInShellAsync($"JOBWATCH_TOKEN=$'a\nb' jobwatch run --job {_job} -- echo ran");
        Assert.Equal(77, ended.ExitCode);
        Assert.Empty(ended.Output);
        Assert.Contains("JOBWATCH_TOKEN", Assert.Single(ended.Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_command_line_is_recorded_as_far_as_the_server_takes_it()
    {
        var ended = await _cli.RunAsync(["run", "--job", _job, "--", "true", .. Enumerable.Repeat(new string('€', 4096), 100)]);
        Assert.Equal(0, ended.ExitCode);
        Assert.Empty(ended.Error);
        Assert.Equal("execution_succeeded", (await fixture.EventsAsync(_job))[^1].Type);
    }

    [Fact]
    public async Task Passes_output_on_byte_for_byte_and_input_in()
    {
        var ended = await _cli.RunInShellAsync(
            $"""
             head -c 3000000 /dev/urandom > in
             jobwatch run --job {_job} -- cat < in > out; echo $?
             cmp in out && echo same
             """);
        Assert.Equal(["0", "same"], ended.Output);
        Assert.NotEmpty(await fixture.LinesAsync(_job));
    }

    [Fact]
    public async Task Passes_a_programs_arguments_on_untouched()
    {
        string[] arguments = ["", "@file", "-h", "--help", "--job=x", "--", "[diagram]", "a b", "ü", "*"];
        var ended = await _cli.RunAsync(["run", "--job", _job, "--", "printf", "%s\\n", .. arguments]);
        Assert.Equal(arguments, ended.Output);
    }

    [Theory]
    [InlineData(UnixSignal.SigTerm, "SIGTERM")]
    [InlineData(UnixSignal.SigInt, "SIGINT")]
    public async Task Passes_a_stop_signal_on_and_records_a_cancellation(UnixSignal signal, string name)
    {
        var trapped = name[3..];
        await using var run = _cli.Start(
            "run", "--job", _job, "--", "sh", "-c", $"trap 'echo got it; exit 7' {trapped}; echo ready; while :; do read -r x || sleep 0.1; done");
        await run.WaitForLineAsync("ready");
        run.Signal(signal);
        var ended = await Cli.EndAsync(run);

        Assert.Equal(7, ended.ExitCode);
        Assert.Equal(["ready", "got it"], ended.Output);
        Assert.Equal(name, (await fixture.EventsAsync(_job))[^1].ExecutionCancelled.Reason);
    }

    [Fact]
    public async Task Does_not_double_a_ctrl_c_that_the_terminal_has_given_to_the_program_too()
    {
        var script = Path.Combine(_cli.Folder, "program");
        await File.WriteAllTextAsync(
            script,
            """
            n=0; trap 'n=$((n+1)); echo caught' INT
            echo ready
            until [ "$line" = done ]; do read -r line; done
            echo "$n in all"; exit 9
            """,
            TestContext.Current.CancellationToken);
        // script gives it a terminal of its own, whose keyboard is this pipe; the function is one of bash, so its shell is bash.
        await using var run = _cli.StartInShell(
            $"export -f jobwatch; SHELL=$BASH script -qec \"jobwatch run --job {_job} -- bash {script}\" /dev/null; echo \"code $?\"");
        await run.WaitForLineAsync("ready");
        await run.StandardInput.WriteAsync('\u0003');
        await run.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await run.WaitForLineAsync("caught");
        await run.StandardInput.WriteLineAsync("done");
        await run.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        await run.WaitForLineAsync("1 in all");
        await run.WaitForLineAsync("code 9");
        Assert.DoesNotContain(run.StandardOutput.All, line => line.Contains("not sent yet", StringComparison.Ordinal));
        Assert.Equal("SIGINT", (await fixture.EventsAsync(_job))[^1].ExecutionCancelled.Reason);
    }

    [Fact]
    public async Task Keeps_the_order_of_many_lines()
    {
        var ended = await _cli.RunInShellAsync($"jobwatch run --job {_job} -- seq 1 20000 > out; echo $?; tail -1 out");
        Assert.Equal(["0", "20000"], ended.Output);
        Assert.Equal(Enumerable.Range(1, 20_000).Select(i => $"{i}"), await fixture.LinesAsync(_job));
    }

    [Fact]
    public async Task Does_not_wait_for_what_a_program_leaves_running()
    {
        var ended = await _cli.RunAsync("run", "--job", _job, "--", "sh", "-c", "sleep 20 & echo bye");
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["bye"], await fixture.LinesAsync(_job));
    }

    [Fact]
    public async Task Says_once_what_the_server_refuses_and_lets_the_program_go_on()
    {
        var ended = await _cli.RunAsync(
            "run", "--job", _job, "--label", "bad key=1", "--", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done; exit 4");

        Assert.Equal(4, ended.ExitCode);
        Assert.Equal(["1", "2", "3"], ended.Output);
        Assert.Contains("bad key", Assert.Single(ended.Error), StringComparison.Ordinal);
        Assert.Empty(_cli.Spools);
    }

    [Fact]
    public async Task A_second_run_of_an_execution_that_has_ended_is_refused_and_runs_all_the_same()
    {
        await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--", "true");
        var again = await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--", "sh", "-c", "echo ran; exit 5");

        Assert.Equal(5, again.ExitCode);
        Assert.Equal(["ran"], again.Output);
        Assert.Contains("Recording stops", Assert.Single(again.Error), StringComparison.Ordinal);
        Assert.Equal(4, (await fixture.EventsAsync(_job)).Count);
    }

    private static IEnumerable<string> Lines(IEnumerable<ExecutionEvent> events, string stream) =>
        events.Where(one => one.LogWritten?.Stream == stream).Select(one => one.LogWritten.Text);
}
