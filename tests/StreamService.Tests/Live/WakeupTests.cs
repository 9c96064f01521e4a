using Jobwatch.Shared;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class WakeupTests
{
    [Fact]
    public async Task Signals_before_the_sleep_end_it_at_once_and_count_as_one()
    {
        var wakeup = new Wakeup();
        wakeup.Signal();
        wakeup.Signal();

        Assert.True(wakeup.WaitAsync().AsTask().IsCompleted);
        var second = wakeup.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        wakeup.Signal();
        await second;
    }

    [Fact]
    public async Task The_sleeper_goes_on_on_another_thread_than_the_one_that_signals()
    {
        var wakeup = new Wakeup();
        var wokenOn = SleepAsync();
        var signalledOn = 0;
        using var woken = new ManualResetEventSlim();
        var signaller = new Thread(() =>
        {
            signalledOn = Environment.CurrentManagedThreadId;
            wakeup.Signal();
            woken.Wait();
        })
        { IsBackground = true };
        signaller.Start();
        // The signaller doesn't end before: its id can't be another thread's by then.
        var wentOnOn = await wokenOn;
        woken.Set();
        signaller.Join();

        Assert.NotEqual(signalledOn, wentOnOn);

        async Task<int> SleepAsync()
        {
            await wakeup.WaitAsync();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task No_signal_is_lost_between_two_threads()
    {
        const int Rounds = 100_000;
        var (ping, pong) = (new Wakeup(), new Wakeup());
        var count = 0;
        var other = Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await ping.WaitAsync();
                count++;
                pong.Signal();
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < Rounds; i++)
        {
            ping.Signal();
            await pong.WaitAsync();
            Assert.Equal(i + 1, count);
        }

        await other.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>A signal that finds an earlier one is one with it: what was changed before it has to be seen by whoever the earlier one woke.</summary>
    [Fact]
    public async Task What_was_changed_before_a_signal_that_is_swallowed_is_seen()
    {
        const int Rounds = 1_000_000;
        var (wakeup, next) = (new Wakeup(), new Wakeup());
        var value = 0;
        var signaller = Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    for (var change = 0; change < 4; change++)
                    {
                        Volatile.Write(ref value, value + 1);
                        wakeup.Signal();
                    }

                    await next.WaitAsync();
                }
            },
            TestContext.Current.CancellationToken);
        for (var round = 1; round <= Rounds; round++)
        {
            while (Volatile.Read(ref value) < round * 4)
            {
                await wakeup.WaitAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            }

            next.Signal();
        }

        await signaller;
    }
}
