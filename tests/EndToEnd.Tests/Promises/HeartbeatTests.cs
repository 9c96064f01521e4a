using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Heartbeats_carry_a_cursor_past_all_that_the_filter_left_out_over_every_transport()
    {
        await using var deployment = await Deployment.StartAsync(settings: ("Watching__HeartbeatInterval", "00:00:00.200"));
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        Transport[] transports =
        [
            deployment.Local.OverGrpc,
            new LibraryTransport(deployment.Local.Library),
            deployment.Local.OverSse,
            deployment.Local.OverNdjson,
        ];
        foreach (var transport in transports)
        {
            var nothing = new EventFilter { Text = "nothing says this" };
            var request = new WatchJobRequest { JobId = "job", Start = new WatchStart { Beginning = true }, Filter = nothing };
            await using var session = await transport.OpenAsync(request, TestContext.Current.CancellationToken);
            var written = await worker.LogAsync(lines: 300);
            string cursor = await UntilAsync(session, written.Cursor);

            var next = await worker.LogAsync();
            await using var resumed = await transport.OpenAsync(
                new WatchJobRequest { JobId = "job", Start = new WatchStart { Cursor = cursor } }, TestContext.Current.CancellationToken);
            var first = await resumed.Messages.FirstAsync(TestContext.Current.CancellationToken);
            Assert.Equal(next.Positions[0], first.Event?.Position);
        }
    }

    private static async Task<string> UntilAsync(Session session, string cursor)
    {
        await foreach (var message in session.Messages.WithCancellation(TestContext.Current.CancellationToken))
        {
            bool saysNothing = message.CaughtUp is not null || message.Heartbeat is not null;
            Assert.True(saysNothing, $"The filter selects nothing, yet there is {message}");
            if (message.Heartbeat is not null && message.Cursor == cursor)
                return message.Cursor;
        }
        throw new InvalidOperationException("The stream ended.");
    }
}
