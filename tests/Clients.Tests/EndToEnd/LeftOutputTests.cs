using Jobwatch.Testing;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>What is in the program's pipes when it ends, and who reads them or holds them open then.</summary>
public sealed class LeftOutputTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    // The first fill the pipe to the reader, so that the others are still in the program's when it ends.
    private const int Lines = 20_000;
    private const string Script = "seq 1 14000; sleep 1; seq 14001 20000";

    private readonly Cli _cli = fixture.Cli;
    private readonly string _job = fixture.NewJob();

    [Fact]
    public async Task A_slow_reader_gets_all_of_it_and_all_of_it_is_recorded()
    {
        var ended = await _cli.RunInShellAsync($"jobwatch run --job {_job} -- sh -c '{Script}' | (sleep 6; tail -1); echo ${{PIPESTATUS[0]}}");
        Assert.Equal([$"{Lines}", "0"], ended.Output);
        Assert.Equal(Enumerable.Range(1, Lines).Select(i => $"{i}"), await fixture.LinesAsync(_job));
        Assert.Equal("execution_succeeded", (await fixture.EventsAsync(_job))[^1].Type);
    }

    [Fact]
    public async Task A_signal_ends_the_wait_for_a_reader_that_reads_nothing()
    {
        // The signals may come to the program too, which is about to end by itself.
        var ended = await _cli.RunInShellAsync(
            $$"""
              mkfifo slow; sleep 100 < slow & reader=$!
              dotnet {{RepositoryFiles.CliDll}} run --job {{_job}} -- sh -c 'trap "" TERM; {{Script}}; touch ended' > slow & run=$!
              until [ -e ended ]; do sleep 0.1; done
              while kill -TERM $run; do sleep 0.2; done 2> /dev/null
              wait $run; code=$?; kill $reader; echo "$code"
              """);
        Assert.Equal(["0"], ended.Output);
    }

    [Theory]
    // The shell may have inherited that a broken pipe is no reason to end.
    [InlineData("while sleep 0.5 && echo again; do :; done")]
    [InlineData("yes again")]
    public async Task A_child_that_is_left_behind_and_writes_on_is_not_waited_for(string child)
    {
        var ended = await _cli.RunInShellAsync($"jobwatch run --job {_job} -- sh -c 'echo bye; ({child}) & exit 3' > kept; echo $?; head -1 kept");
        Assert.Equal(["3", "bye"], ended.Output);
        Assert.Equal("bye", (await fixture.LinesAsync(_job)).First());
        Assert.Equal("EXIT_3", (await fixture.EventsAsync(_job))[^1].ExecutionFailed.Error.Code);
    }
}
