using System.Text.Json;
using System.Text.RegularExpressions;
using Jobwatch.Client;
using Jobwatch.Testing;

namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class WatchTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private readonly Cli _cli = fixture.Cli;
    private readonly string _job = fixture.NewJob();

    [Fact]
    public async Task Ndjson_is_the_very_json_of_the_events_live_and_past()
    {
        await using var live = _cli.Start("watch", _job, "--allow-missing", "--from", "beginning", "--output", "ndjson");
        await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--", "sh", "-c", "echo 'ä <b>'; echo err >&2; exit 3");
        await live.WaitForLineAsync("execution_failed");
        live.Signal(UnixSignal.SigInt);
        Assert.Equal(0, await live.WaitForExitAsync());

        string[] expected = [.. (await fixture.EventsAsync(_job)).Select(one => ProtoJson.ToText(one))];
        Assert.Equal(6, expected.Length);
        Assert.Equal(expected, live.StandardOutput.All);
        Assert.Empty(live.StandardError.All);
        Assert.Equal(expected, (await _cli.RunAsync("watch", _job, "--from", "beginning", "--until-end", "--output", "ndjson")).Output);
        Assert.Equal(expected[2..], (await _cli.RunAsync("watch", _job, "--from", "3", "--until-end", "--output", "ndjson")).Output);
        Assert.Equal(expected, (await _cli.RunAsync("watch", _job, "--execution", "e", "--until-end", "--output", "ndjson")).Output);
        Assert.Equal(expected, (await _cli.RunAsync("replay", _job, "e", "--output", "ndjson")).Output);
    }

    [Fact]
    public async Task Filters_say_what_is_shown()
    {
        await _cli.RunAsync("run", "--job", _job, "--", "sh", "-c", "echo apple; echo pear; exit 1");

        Assert.Equal(["apple"], Texts(await Watch("--type", "log_written", "--text", "APP")));
        Assert.Contains("execution_failed", Assert.Single((await Watch("--status", "failed")).Output), StringComparison.Ordinal);
        Assert.Empty(Texts(await Watch("--min-level", "warn", "--type", "log_written")));
        Assert.Empty((await Watch("--label", "none=here")).Output);

        Task<Cli.Ended> Watch(params string[] filter) =>
            _cli.RunAsync(["watch", _job, "--from", "beginning", "--until-end", "--output", "ndjson", .. filter]);
    }

    [Fact]
    public async Task What_is_thinned_out_is_counted_in_both_forms()
    {
        await _cli.RunAsync("run", "--job", _job, "--", "seq", "1", "2000");
        var text = (await Watch("text")).Output;
        var json = (await Watch("ndjson")).Output;

        Assert.Contains(text, line => Regex.IsMatch(line, "^… [1-9][0-9]* left out$"));
        var left = json.Where(line => line.StartsWith("{\"conflated\":", StringComparison.Ordinal)).Sum(LeftOut);
        var sent = json.Count(line => line.Contains("\"position\":", StringComparison.Ordinal));
        Assert.True(left > 0);
        Assert.Equal((await fixture.EventsAsync(_job)).Count, sent + left);

        Task<Cli.Ended> Watch(string form) =>
            _cli.RunAsync("watch", _job, "--from", "beginning", "--until-end", "--max-updates", "5", "--output", form);

        static long LeftOut(string line)
        {
            using var said = JsonDocument.Parse(line);
            return said.RootElement.GetProperty("conflated").GetProperty("count").GetInt64();
        }
    }

    [Fact]
    public async Task Text_is_for_people_and_has_no_colours_in_a_pipe()
    {
        await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--label", "a=b", "--worker", "w", "--", "sh", "-c", "echo hello; exit 3");
        var shown = await _cli.RunAsync("watch", _job, "--from", "beginning", "--until-end");

        Assert.Equal(0, shown.ExitCode);
        Assert.Equal($"── {_job} / e ──", shown.Output[0]);
        Assert.EndsWith("started on w a=b", shown.Output[1], StringComparison.Ordinal);
        Assert.EndsWith(" hello", shown.Output[3], StringComparison.Ordinal);
        Assert.EndsWith("failed: EXIT_3 sh ended with exit code 3.", shown.Output[5], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', string.Concat(shown.Output));
    }

    [Fact]
    public async Task Many_jobs_share_one_stream_also_those_that_come_later()
    {
        var later = fixture.NewJob();
        await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--label", $"test={_job}", "--", "true");
        await using var named = _cli.Start("watch", _job, later);
        await using var labelled = _cli.Start("watch", "--jobs-with", $"test={_job}", "--output", "ndjson", "--from", "beginning");
        await using var all = _cli.Start("watch", "--all", "--text", later);
        Assert.StartsWith($"{_job} / e succeeded since ", await named.WaitForLineAsync("succeeded"), StringComparison.Ordinal);
        await labelled.WaitForLineAsync("execution_succeeded");
        await _cli.RunAsync("run", "--job", later, "--execution", "f", "--label", $"test={_job}", "--", "echo", $"hello {later}");

        Assert.Equal($"── {later} / f ──", await named.WaitForLineAsync("──"));
        await named.WaitForLineAsync(line => line.EndsWith(" succeeded", StringComparison.Ordinal));
        await labelled.WaitForLineAsync($"hello {later}");
        await all.WaitForLineAsync($"hello {later}");
        foreach (var watch in new[] { named, labelled, all })
        {
            watch.Signal(UnixSignal.SigInt);
            Assert.Equal(0, await watch.WaitForExitAsync());
            Assert.Empty(watch.StandardError.All);
        }
    }

    [Fact]
    public async Task Latest_shows_how_things_stand_first()
    {
        await _cli.RunAsync("run", "--job", _job, "--execution", "e", "--", "true");
        await using var watch = _cli.Start("watch", _job);
        Assert.StartsWith("e succeeded since ", await watch.WaitForLineAsync("succeeded"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from beginning")]
    [InlineData("--from beginning --until-end")]
    [InlineData("--from beginning --output ndjson")]
    [InlineData("--from 19900 --until-end --output ndjson")]
    public async Task Ends_quietly_when_nobody_reads_any_more(string options)
    {
        await _cli.RunInShellAsync($"jobwatch run --job {_job} -- seq 1 20000 > numbers");
        // The reader has gone before the first byte, or after the first line.
        var ended = await _cli.RunInShellAsync(
            $"jobwatch watch {_job} {options} | head -1 | wc -l; echo ${{PIPESTATUS[0]}}; jobwatch watch {_job} {options} | true; echo ${{PIPESTATUS[0]}}");
        Assert.Equal(["1", "0", "0"], ended.Output);
        Assert.Empty(ended.Error);
    }

    [Theory]
    [InlineData(66, "no-such-job", "watch", "no-such-job")]
    [InlineData(66, "no-such-job", "executions", "no-such-job")]
    [InlineData(2, "jobwatch: --from: 'bogus' is no cursor", "watch", "JOB", "--from", "bogus")]
    [InlineData(2, "jobwatch: --from: it is 9, but", "watch", "JOB", "--from", "9")]
    [InlineData(2, "bogus", "watch", "JOB", "--status", "bogus")]
    [InlineData(2, "jobwatch: --type: 'bogus' is no event type", "watch", "JOB", "--type", "bogus")]
    [InlineData(2, "jobwatch: --label: 'bogus' is not", "watch", "JOB", "--label", "bogus")]
    [InlineData(2, "a/b", "watch", "a/b")]
    [InlineData(2, "xml", "watch", "JOB", "--output", "xml")]
    [InlineData(2, "--jobs-with", "watch")]
    [InlineData(2, "--jobs-with", "watch", "JOB", "--all")]
    [InlineData(2, "--until-end is of one job", "watch", "--all", "--until-end")]
    [InlineData(2, "--from takes a position of one job only", "watch", "JOB", "b", "--from", "3")]
    [InlineData(2, "jobwatch: --from: 'bogus' is no cursor", "watch", "--all", "--from", "bogus")]
    [InlineData(2, "a/b", "watch", "JOB", "a/b")]
    [InlineData(69, "127.0.0.1:1", "jobs", "--server", "http://127.0.0.1:1")]
    [InlineData(66, "no-such-execution", "replay", "JOB", "no-such-execution")]
    public async Task An_error_is_one_line_and_an_exit_code(int exitCode, string named, params string[] arguments)
    {
        var started = new V1.ExecutionEvent { ExecutionId = "e", ExecutionStarted = new V1.ExecutionStarted() };
        await fixture.Client.AppendAsync(_job, [started], TestContext.Current.CancellationToken);
        var ended = await _cli.RunAsync([.. arguments.Select(argument => argument == "JOB" ? _job : argument)]);

        Assert.Equal(exitCode, ended.ExitCode);
        var line = Assert.Single(ended.Error);
        Assert.StartsWith("jobwatch: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public async Task A_watch_of_a_job_that_is_not_there_tells_the_remedy_once_and_as_an_option()
    {
        var ended = await _cli.RunAsync("watch", _job);

        var line = Assert.Single(ended.Error);
        Assert.Equal(2, line.Split("allow").Length);
        Assert.Contains("a watch with --allow-missing waits", line, StringComparison.Ordinal);
        Assert.EndsWith("(`jobwatch jobs` lists what there is.)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_jobs_and_executions_newest_first()
    {
        await _cli.RunAsync("run", "--job", _job, "--execution", "first", "--", "true");
        await _cli.RunAsync("run", "--job", _job, "--execution", "second", "--", "false");

        var executions = await _cli.RunAsync("executions", _job);
        Assert.Equal(["second", "first"], executions.Output.Skip(1).Select(row => row.Split(' ')[0]));
        Assert.Contains("failed", executions.Output[1], StringComparison.Ordinal);
        Assert.Contains("EXIT_1", executions.Output[1], StringComparison.Ordinal);

        var jobs = await _cli.RunAsync("jobs", "--prefix", _job, "--output", "ndjson");
        var expected = await fixture.Client.Catalog.GetJobAsync(new V1.GetJobRequest { JobId = _job }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(ProtoJson.ToText(expected.Job), jobs.Output);
    }

    private static IEnumerable<string> Texts(Cli.Ended watch) =>
        watch.Output.Select(line => V1.ExecutionEvent.Parser.ParseJson(line).LogWritten.Text);
}
