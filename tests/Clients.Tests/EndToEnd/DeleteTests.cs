using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class DeleteTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private readonly Cli _cli = fixture.Cli;
    private readonly string _job = fixture.NewJob();

    [Fact]
    public async Task A_job_is_deleted_when_its_name_is_given_again()
    {
        await _cli.RunAsync("run", "--job", _job, "--", "true");
        foreach (var answer in new[] { "", "yes" })
        {
            var refused = await _cli.RunInShellAsync($"echo '{answer}' | jobwatch delete {_job}");
            Assert.Equal((65, "jobwatch: Nothing was deleted."), (refused.ExitCode, refused.Error[^1]));
            Assert.NotEmpty(await fixture.EventsAsync(_job));
        }

        var deleted = await _cli.RunInShellAsync($"echo {_job} | jobwatch delete {_job}");
        Assert.Equal((0, $"jobwatch: Deleted the job '{_job}'."), (deleted.ExitCode, deleted.Error[^1]));
        Assert.Contains($"'{_job}'", deleted.Error[0], StringComparison.Ordinal);
        Assert.DoesNotContain((await fixture.Client.Catalog.ListJobsAsync(
            new ListJobsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Jobs, job => job.JobId == _job);
    }

    [Fact]
    public async Task Ctrl_C_instead_of_an_answer_deletes_nothing()
    {
        await using var delete = _cli.Start("delete", _job);
        await delete.WaitForLineAsync("Its name again");
        delete.Signal(UnixSignal.SigInt);

        Assert.Equal(65, await delete.WaitForExitAsync());
        Assert.Equal("jobwatch: Nothing was deleted.", delete.StandardError.All[^1]);
    }

    [Fact]
    public async Task A_node_that_is_leaving_hands_the_deletion_on_to_another()
    {
        await using var leaving = await ScriptedNode.StartAsync();
        await using var staying = await ScriptedNode.StartAsync();
        leaving.Catalog.Refusal = ScriptedRecords.Draining;
        // Which node is asked first is left to chance.
        for (var tries = 0; leaving.Catalog.Calls == 0 && tries < 30; tries++)
        {
            var deleted = await _cli.RunAsync("delete", "j", "--yes", "--server", $"{leaving.Address};{staying.Address}");
            Assert.Equal(0, deleted.ExitCode);
        }

        Assert.Equal(1, leaving.Catalog.Calls);
    }

    [Fact]
    public async Task With_yes_nothing_is_asked()
    {
        await _cli.RunAsync("run", "--job", _job, "--", "true");
        var deleted = await _cli.RunAsync("delete", _job, "--yes");
        Assert.Equal((0, $"jobwatch: Deleted the job '{_job}'."), (deleted.ExitCode, Assert.Single(deleted.Error)));

        var again = await _cli.RunAsync("delete", _job, "--yes");
        Assert.Equal(66, again.ExitCode);
        Assert.Contains("no job", Assert.Single(again.Error), StringComparison.Ordinal);
    }
}
