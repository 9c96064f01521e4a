using Jobwatch.StreamService.Journal;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>Every read that names a tenant, where another tenant has a job of the same id, and one that the first doesn't have.</summary>
public sealed class TenantReadsTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly JobKey Theirs = LedgerEu with { Tenant = "other" };
    private static readonly JobKey OnlyTheirs = new("other", "ledger-us");
    private static readonly JobKey Nobodys = OnlyTheirs with { Tenant = LedgerEu.Tenant };

    private JournalUnderTest _journal = null!;

    public async ValueTask InitializeAsync()
    {
        _journal = await JournalUnderTest.StartAsync();
        await _journal.AppendAsync(LedgerEu, null, Started("ours"));
        await _journal.AppendAsync(Theirs, null, Started("theirs"), Logged("theirs"));
        await _journal.AppendAsync(OnlyTheirs, null, Started("theirs"));
    }

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task A_job_is_its_own_tenants()
    {
        Assert.Equal(1, (await _journal.Catalog.FindJobAsync(LedgerEu, Cancellation))?.Job.LastPosition);
        Assert.Equal(2, (await _journal.Catalog.FindJobAsync(Theirs, Cancellation))?.Job.LastPosition);
        Assert.Null(await _journal.Catalog.FindJobAsync(Nobodys, Cancellation));
    }

    [Fact]
    public async Task A_log_is_its_own_tenants()
    {
        Assert.Equal(1, (await _journal.Reader.FindJobAsync(LedgerEu, Cancellation))?.Head);
        Assert.Equal(2, (await _journal.Reader.FindJobAsync(Theirs, Cancellation))?.Head);
        Assert.Null(await _journal.Reader.FindJobAsync(Nobodys, Cancellation));
        var found = await _journal.Reader.FindJobsAsync([LedgerEu, Nobodys], Cancellation);
        Assert.Equal((LedgerEu, 1), (found.Single().Log.Job, found.Single().Head));
    }

    [Fact]
    public async Task A_snapshot_is_its_own_tenants()
    {
        Assert.Equal(["ours"], await OpenAsync(LedgerEu));
        Assert.Equal(["theirs"], await OpenAsync(Theirs));
        Assert.Null(await _journal.Catalog.SnapshotAsync(Nobodys, new(10), Cancellation));

        async Task<IEnumerable<string>?> OpenAsync(JobKey job) => (await _journal.Catalog.SnapshotAsync(job, new(10), Cancellation))?
            .Executions.Select(record => record.Execution.ExecutionId);
    }

    [Fact]
    public async Task A_list_shows_its_own_tenants_jobs_in_every_order()
    {
        foreach (var order in Enum.GetValues<JobOrder>())
        {
            Assert.Equal([(LedgerEu.JobId, 1)], await ListAsync("local", order));
            Assert.Equal([(Theirs.JobId, 2), (OnlyTheirs.JobId, 1)], (await ListAsync("other", order)).Order());
            Assert.Empty(await ListAsync("nobody", order));
        }

        async Task<IEnumerable<(string, long)>> ListAsync(string tenant, JobOrder order) =>
            (await _journal.Catalog.ListJobsAsync(tenant, new JobQuery("", [], order, null, 10), Cancellation))
            .Select(record => (record.Job.JobId, record.Job.LastPosition));
    }

    [Fact]
    public async Task An_append_goes_on_its_own_tenants_log_and_executions()
    {
        Assert.Equal([2], (await _journal.AppendAsync(LedgerEu, null, Logged("ours"))).Positions());
        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _journal.AppendAsync(LedgerEu, null, Logged("theirs")));
        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _journal.AppendAsync(Nobodys, null, Logged("theirs")));
        Assert.Equal([3], (await _journal.AppendAsync(Theirs, null, Logged("theirs"))).Positions());
    }
}
