using System.Diagnostics.Metrics;
using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class OpeningTurnsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=nowhere.invalid");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly JournalDatabase _database;

    public OpeningTurnsTests() => _database = new JournalDatabase(_nowhere);

    public void Dispose()
    {
        _nowhere.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Looks_wait_for_their_turn_and_a_failed_one_gives_its_turn_on()
    {
        var turns = Turns();
        var looks = Enumerable.Range(0, OpeningTurns.AtOnce + 2).Select(_ => new TaskCompletionSource<int>()).ToList();
        var begun = 0;
        var asked = looks.Select(look => turns.LookAsync("t", () => Begin(look), TestContext.Current.CancellationToken)).ToList();
        Assert.Equal(OpeningTurns.AtOnce, begun);

        looks[0].SetException(new StoreUnavailableException("away"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked[0]);
        looks[^2].SetResult(1);
        Assert.Equal(1, await asked[^2]);

        looks[^1].SetResult(2);
        Assert.Equal(2, await asked[^1]);

        Task<int> Begin(TaskCompletionSource<int> look)
        {
            begun++;
            return look.Task;
        }
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_and_takes_no_turn()
    {
        var turns = Turns();
        var look = new TaskCompletionSource<int>();
        var busy = Enumerable.Range(0, OpeningTurns.AtOnce).Select(_ => LookAsync(() => look.Task)).ToList();
        var late = LookAsync(() => Task.FromException<int>(new InvalidOperationException("It was not this one's turn.")));
        using var leaving = new CancellationTokenSource();
        var gone = turns.LookAsync("gone", () => Task.FromResult(0), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        _time.Advance(OpeningTurns.Patience);
        var refusal = Refusal.From(await Assert.ThrowsAsync<RpcException>(() => late.WaitAsync(Limit, TestContext.Current.CancellationToken)));
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_WATCHES"), (refusal.Code, refusal.Reason));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        look.SetResult(7);
        await Task.WhenAll(busy);
        var begun = 0;
        var next = new TaskCompletionSource<int>();
        var together = Enumerable.Range(0, OpeningTurns.AtOnce).Select(_ => LookAsync(Begin)).ToList();
        Assert.Equal(OpeningTurns.AtOnce, begun);
        next.SetResult(8);
        await Task.WhenAll(together);

        Task<int> LookAsync(Func<Task<int>> begin) => turns.LookAsync("t", begin, TestContext.Current.CancellationToken);

        Task<int> Begin()
        {
            begun++;
            return next.Task;
        }
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_store_that_fails_is_told_so()
    {
        var turns = Turns();
        var look = new TaskCompletionSource<int>();
        var busy = Enumerable.Range(0, OpeningTurns.AtOnce).Select(_ => LookAsync(() => look.Task)).ToList();
        var late = LookAsync(() => Task.FromResult(0));
        _database.NoteFailure();

        _time.Advance(OpeningTurns.Patience);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => late.WaitAsync(Limit, TestContext.Current.CancellationToken));
        look.SetResult(7);
        await Task.WhenAll(busy);

        Task<int> LookAsync(Func<Task<int>> begin) => turns.LookAsync("t", begin, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_tenant_waits_for_no_more_than_a_turn_of_each_other()
    {
        var turns = Turns();
        var busy = new TaskCompletionSource<string>();
        var soonDone = new TaskCompletionSource<string>();
        var soon = LookAsync("many", () => soonDone.Task);
        var others = Enumerable.Range(1, OpeningTurns.AtOnce - 1).Select(_ => LookAsync("many", () => busy.Task)).ToList();
        var begun = new List<string>();
        string[] comeInThisOrder = ["many", "many", "many", "few", "few", "one"];
        var waiting = comeInThisOrder.Select(tenant => LookAsync(tenant, () => Begin(tenant))).ToList();
        Assert.Empty(begun);

        // The one free turn goes from each to the next.
        soonDone.SetResult("");
        await soon;
        await Task.WhenAll(waiting).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(["many", "few", "one", "many", "few", "many"], begun);
        busy.SetResult("");
        await Task.WhenAll(others);

        Task<string> LookAsync(string tenant, Func<Task<string>> begin) => turns.LookAsync(tenant, begin, TestContext.Current.CancellationToken);

        Task<string> Begin(string tenant)
        {
            begun.Add(tenant);
            return Task.FromResult(tenant);
        }
    }

    private OpeningTurns Turns() => new(_time, _database, new Metrics(_services.GetRequiredService<IMeterFactory>()));
}
