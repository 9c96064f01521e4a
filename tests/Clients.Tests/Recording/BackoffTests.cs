using Jobwatch.Client;
using Jobwatch.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Recording;

public sealed class BackoffTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Doubles_up_to_its_cap_and_starts_anew_after_a_success()
    {
        var backoff = new Backoff(Options(Timeout.InfiniteTimeSpan));
        foreach (var seconds in new[] { 1, 2, 4, 8, 8, 8 })
            Assert.InRange(backoff.Next(null)!.Value.TotalSeconds, seconds / 2.0, seconds);

        backoff.Reset();
        Assert.InRange(backoff.Next(null)!.Value.TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Waits_at_least_as_long_as_the_server_asks()
    {
        var backoff = new Backoff(Options(Timeout.InfiniteTimeSpan));
        Assert.InRange(backoff.Next(TimeSpan.FromMinutes(1))!.Value.TotalSeconds, 60.5, 61);
    }

    [Fact]
    public void Ends_when_the_time_allowed_since_the_first_failure_is_over()
    {
        var backoff = new Backoff(Options(TimeSpan.FromSeconds(3)));
        Assert.NotNull(backoff.Next(null));
        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), backoff.Next(null));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(backoff.Next(null));
    }

    private JobwatchClientOptions Options(TimeSpan retryFor) => new()
    {
        InitialBackoff = TimeSpan.FromSeconds(1),
        MaxBackoff = TimeSpan.FromSeconds(8),
        RetryFor = retryFor,
        TimeProvider = _time,
    };
}
