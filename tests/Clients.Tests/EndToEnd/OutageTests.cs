using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>The server goes away and comes back; each test has its own node.</summary>
public sealed class OutageTests : CliFixture
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_program_runs_on_while_the_node_is_killed_and_nothing_is_lost_or_doubled()
    {
        await using var run = Cli.Start("run", "--job", "j", "--execution", "e", "--drain-timeout", "60", "--", "cat");
        await TypeAsync(run, 1, 500);
        await Eventually.TrueAsync(async _ => (await EventsOfAsync("j")).Count > 100, Deadline, "events arrive");
        await Node.KillAsync();

        await TypeAsync(run, 501, 1500);
        await run.WaitForLineAsync("1500");
        await Node.StartAsync();
        await TypeAsync(run, 1501, 2000);
        var ended = await Cli.EndAsync(run);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => $"{i}"), ended.Output);
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => $"{i}"), await LinesAsync("j"));
        Assert.Equal("execution_succeeded", (await EventsAsync("j"))[^1].Type);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_program_runs_on_over_restarts_of_the_node_and_nothing_is_lost_or_doubled()
    {
        await using var run = Cli.Start("run", "--job", "j", "--execution", "e", "--drain-timeout", "60", "--", "cat");
        for (var round = 0; round < 3; round++)
        {
            var (first, last) = ((round * 1000) + 1, (round + 1) * 1000);
            var typing = TypeAsync(run, first, last);
            await Eventually.TrueAsync(async _ => (await EventsOfAsync("j")).Count > first + 10, Deadline, "events arrive");
            Assert.Equal(0, await Node.StopAsync());
            await Node.StartAsync();
            await typing;
        }

        var ended = await Cli.EndAsync(run);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(Enumerable.Range(1, 3000).Select(i => $"{i}"), await LinesAsync("j"));
        Assert.Equal("execution_succeeded", (await EventsAsync("j"))[^1].Type);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_server_that_is_away_at_the_start_is_said_once_and_caught_up_with_later()
    {
        await Node.StopAsync();
        await using var run = Cli.Start("run", "--job", "j", "--", "cat");
        await TypeAsync(run, 1, 10);
        await run.WaitForLineAsync("recording to disk");
        await run.WaitForLineAsync(line => line == "10");
        await Node.StartAsync();
        var ended = await Cli.EndAsync(run);

        Assert.Equal(0, ended.ExitCode);
        Assert.Single(ended.Error, line => line.Contains("recording to disk", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), await LinesAsync("j"));
    }

    [Fact]
    public async Task What_could_not_be_sent_is_sent_by_a_flush_once()
    {
        await Node.StopAsync();
        var run = await Cli.RunAsync("run", "--job", "j", "--drain-timeout", "0.2", "--", "sh", "-c", "echo one; exit 3");
        Assert.Equal(3, run.ExitCode);
        // Beside it is that no server answers, before or after: the wait may end before the first refused connection is told.
        Assert.Contains(run.Error, line => line.Contains("jobwatch flush", StringComparison.Ordinal));
        var left = Assert.Single(Cli.Spools);
        var copy = await File.ReadAllBytesAsync(left, TestContext.Current.CancellationToken);

        await Node.StartAsync();
        Assert.Equal(0, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Empty(Cli.Spools);
        Assert.Equal("EXIT_3", (await EventsAsync("j"))[^1].ExecutionFailed.Error.Code);

        // As if the flush had been killed before it could remove the file.
        await File.WriteAllBytesAsync(left, copy, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Equal(5, (await EventsAsync("j")).Count);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_signal_ends_the_wait_for_a_server_that_is_away_once_the_wait_is_said()
    {
        await Node.StopAsync();
        await using var run = Cli.Start("run", "--job", "j", "--drain-timeout", "3600", "--", "true");
        await run.WaitForLineAsync("Ctrl-C ends the wait");
        run.Signal(UnixSignal.SigInt);
        var ended = await Cli.EndAsync(run);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("jobwatch flush", ended.Error[^1], StringComparison.Ordinal);
        Assert.Single(Cli.Spools);
    }

    [Fact]
    public async Task A_disk_that_is_full_while_the_server_is_away_costs_lines_but_neither_the_wait_nor_the_end()
    {
        await Node.StopAsync();
        await using var run = Cli.StartInShell(Disk.Full(64) + "jobwatch run --job j --drain-timeout 60 -- sh -c 'cat; exit 3'");
        for (var last = 100; last <= 2000; last += 100)
        {
            await TypeAsync(run, last - 99, last);
            await run.WaitForLineAsync(line => line == $"{last}");
        }

        await run.WaitForLineAsync("can't be written");
        run.StandardInput.Close();
        await run.WaitForLineAsync("Ctrl-C ends the wait");
        await Node.StartAsync();

        Assert.Equal(3, (await Cli.EndAsync(run)).ExitCode);
        Assert.Equal("EXIT_3", (await EventsAsync("j"))[^1].ExecutionFailed.Error.Code);
        var lines = (await LinesAsync("j")).ToList();
        Assert.InRange(lines.Count, 100, 1999);
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(i => $"{i}"), lines);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task What_a_full_disk_holds_is_left_to_a_flush_where_the_server_stays_away()
    {
        await Node.StopAsync();
        var run = await Cli.RunInShellAsync(Disk.Full(16) + "jobwatch run --job j --drain-timeout 0.2 -- seq 1 2000");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("jobwatch flush", run.Error[^1], StringComparison.Ordinal);

        await Node.StartAsync();
        Assert.Equal(0, (await Cli.RunAsync("flush")).ExitCode);
        var events = await EventsAsync("j");
        Assert.Equal(("execution_started", "execution_succeeded"), (events[0].Type, events[^1].Type));
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_flush_without_a_server_keeps_the_spool()
    {
        await Node.StopAsync();
        await Cli.RunAsync("run", "--job", "j", "--drain-timeout", "0", "--", "true");
        var flush = await Cli.RunAsync("flush");
        Assert.Equal(69, flush.ExitCode);
        Assert.Single(Cli.Spools);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_ended_by_a_flush_and_a_live_one_left_alone()
    {
        await using var run = Cli.Start("run", "--job", "j", "--execution", "e", "--", "cat");
        await TypeAsync(run, 1, 3);
        await Eventually.TrueAsync(async _ => (await EventsOfAsync("j")).Count == 5, Deadline, "three lines are recorded");

        var early = await Cli.RunAsync("flush");
        Assert.Contains("in use", Assert.Single(early.Error), StringComparison.Ordinal);
        Assert.Equal(5, (await EventsAsync("j")).Count);

        await Node.StopAsync();
        await TypeAsync(run, 4, 6);
        await run.WaitForLineAsync(line => line == "6");
        await run.KillAsync();
        await Node.StartAsync();

        Assert.Equal(0, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Equal("RUNNER_LOST", (await EventsAsync("j"))[^1].ExecutionFailed.Error.Code);
        Assert.Equal(["1", "2", "3", "4", "5"], (await LinesAsync("j")).Take(5));
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_watch_goes_on_after_the_node_was_killed_with_every_position_once()
    {
        await using var watch = Cli.Start("watch", "j", "--from", "beginning", "--allow-missing", "--output", "ndjson");
        await Cli.RunAsync("run", "--job", "j", "--", "seq", "1", "100");
        await watch.WaitForLineAsync("\"position\":104,");
        await Node.KillAsync();
        await Node.StartAsync();
        await Cli.RunAsync("run", "--job", "j", "--", "seq", "101", "200");
        await watch.WaitForLineAsync("\"position\":208,");

        watch.Signal(UnixSignal.SigInt);
        Assert.Equal(0, await watch.WaitForExitAsync());
        var positions = watch.StandardOutput.All.Select(line => ExecutionEvent.Parser.ParseJson(line).Position);
        Assert.Equal(Enumerable.Range(1, 208).Select(i => (long)i), positions);
    }

    [Fact]
    public async Task A_watch_with_nothing_to_write_notices_by_a_heartbeat_that_its_reader_has_gone()
    {
        await Node.StopAsync();
        Node.Environment["Watching__HeartbeatInterval"] = "00:00:00.2";
        await Node.StartAsync();
        await Cli.RunAsync("run", "--job", "j", "--", "true");

        var ended = await Cli.RunInShellAsync("jobwatch watch j --from beginning --output ndjson | head -1 | wc -l; echo ${PIPESTATUS[0]}");
        Assert.Equal(["1", "0"], ended.Output);
    }

    private static async Task TypeAsync(ChildProcess run, int from, int to)
    {
        for (var line = from; line <= to; line++)
            await run.StandardInput.WriteLineAsync($"{line}");
        await run.StandardInput.FlushAsync();
    }

    // A job whose first event isn't there yet has none.
    private async Task<IReadOnlyList<ExecutionEvent>> EventsOfAsync(string job)
    {
        try
        {
            return await EventsAsync(job);
        }
        catch (Grpc.Core.RpcException missing) when (missing.StatusCode == Grpc.Core.StatusCode.NotFound)
        {
            return [];
        }
    }
}
