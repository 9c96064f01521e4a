using Jobwatch.SseEdge.Hosting;

namespace Jobwatch.SseEdge.Tests;

public sealed class SilenceLimits
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(20, 60)]
    [InlineData(21, 63)]
    [InlineData(3600, 10_800)]
    public void A_node_is_left_after_three_times_the_longest_time_without_a_heartbeat_and_a_minute_at_least(int heartbeatAfter, int limit) =>
        Assert.Equal(TimeSpan.FromSeconds(limit), HostingSetup.SilenceLimit(TimeSpan.FromSeconds(heartbeatAfter)));
}
