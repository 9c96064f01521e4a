using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>
/// Commits of two nodes that share logs. A third transaction holds one of the logs until both have gone as far as they come:
/// if they lock in different orders, each then holds what the other wants.
/// </summary>
public sealed class LockOrderTests : IAsyncLifetime
{
    private static readonly JobKey BusyOfOne = new("local", "busy-of-one");
    private static readonly JobKey BusyOfOther = new("local", "busy-of-other");

    // By their job ids they come in this order; by the keys of their streams, which go on with '/', in the opposite one.
    private static readonly JobKey Last = new("local", "job");
    private static readonly JobKey Middle = new("local", "job-");
    private static readonly JobKey First = new("local", "job--");

    private readonly List<MeterListener> _listeners = [];
    private JournalUnderTest _one = null!;
    private JournalUnderTest _other = null!;
    private long _failures;

    public async ValueTask InitializeAsync()
    {
        _one = await JournalUnderTest.StartAsync();
        _other = await JournalUnderTest.StartAsync(_one.ConnectionString);
        _listeners.Add(_one.CountFailures(() => Interlocked.Increment(ref _failures)));
        _listeners.Add(_other.CountFailures(() => Interlocked.Increment(ref _failures)));
        await _one.AppendAsync(BusyOfOne, null, Started("e"));
        await _other.AppendAsync(BusyOfOther, null, Started("e"));
    }

    public async ValueTask DisposeAsync()
    {
        _listeners.ForEach(listener => listener.Dispose());
        await _other.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_that_remember_nothing_lock_what_they_read_in_one_order()
    {
        await MakeAsync(_one, First, Middle, Last);
        await using var held = await HeldLogs.HoldAsync(_one.Source, Middle);
        await MeetAsync(
            held,
            [(First, Started("of-one")), (Middle, Started("of-one")), (Last, Started("of-one"))],
            [(Last, Started("of-other")), (Middle, Started("of-other")), (First, Started("of-other"))]);
    }

    [Fact]
    public async Task Nodes_of_which_each_remembers_another_log_lock_them_in_one_order()
    {
        await MakeAsync(_one, First, Last);
        await MakeAsync(_other, Middle);
        await using var held = await HeldLogs.HoldAsync(_one.Source, Last);
        await MeetAsync(
            held,
            [(First, Logged("e")), (Middle, Logged("e")), (Last, Started("of-one"))],
            [(Middle, Logged("e")), (First, Logged("e")), (Last, Started("of-other"))]);
    }

    [Fact]
    public async Task A_node_that_remembers_all_and_one_that_remembers_nothing_lock_in_one_order()
    {
        await MakeAsync(_one, First, Middle, Last);
        await using var held = await HeldLogs.HoldAsync(_one.Source, Middle);
        await MeetAsync(
            held,
            [(Last, Logged("e")), (Middle, Logged("e")), (First, Logged("e"))],
            [(First, Started("of-other")), (Middle, Started("of-other")), (Last, Started("of-other"))]);
    }

    [Fact]
    public async Task Nodes_that_make_the_same_jobs_make_them_in_one_order()
    {
        await using var held = await HeldLogs.MakeAsync(_one.Source, Middle);
        await MeetAsync(
            held,
            [(First, Started("of-one")), (Middle, Started("of-one")), (Last, Started("of-one"))],
            [(Last, Started("of-other")), (Middle, Started("of-other")), (First, Started("of-other"))]);
    }

    private static async Task MakeAsync(JournalUnderTest journal, params IEnumerable<JobKey> jobs)
    {
        foreach (var job in jobs)
        {
            await journal.AppendAsync(job, null, Started("e"));
        }
    }

    // Each node has a commit under way; what is appended behind it makes up one commit.
    private async Task MeetAsync(
        HeldLogs held, IEnumerable<(JobKey Job, ExecutionEvent Event)> ofOne, IEnumerable<(JobKey Job, ExecutionEvent Event)> ofOther)
    {
        await using var busy = await HeldLogs.HoldAsync(_one.Source, BusyOfOne, BusyOfOther);
        Task<AppendOutcome>[] before = [_one.AppendAsync(BusyOfOne, null, Logged("e")), _other.AppendAsync(BusyOfOther, null, Logged("e"))];
        await busy.HasWaitersAsync(2);
        List<Task<AppendOutcome>> shared =
        [
            .. ofOne.Select(append => _one.AppendAsync(append.Job, null, append.Event)),
            .. ofOther.Select(append => _other.AppendAsync(append.Job, null, append.Event)),
        ];
        await busy.DisposeAsync();
        await Task.WhenAll(before);
        await held.HasWaitersAsync(2);
        await held.DisposeAsync();

        Assert.All(await Task.WhenAll(shared), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        // A deadlock is a commit that failed and was tried again.
        Assert.Equal(0, Interlocked.Read(ref _failures));
    }
}
