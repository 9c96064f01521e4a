using Grpc.Net.Client;
using Jobwatch.Faults.Tests.Load;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Faults.Tests.Readers;

/// <summary>Of 100 watchers on one connection one stops reading; the 99 others keep up, and it misses nothing when it reads again.</summary>
internal sealed class StalledReader : Fault
{
    private const int Siblings = 99;

    /// <summary>What can be on its way to a reader that doesn't read: the stream's window and what the sockets hold.</summary>
    private const int WindowBytes = 128 * 1024;

    /// <summary>The smallest log line's.</summary>
    private const int EventBytes = 200;

    public override string Name => "stalled-reader";

    public override async Task RunAsync(Scene scene)
    {
        var address = scene.Site.Nodes[scene.AnySide()].Address;
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false, InitialHttp2StreamWindowSize = 65_535 },
        });
        scene.Stage.Owned.Add(new Connection(channel));
        var transport = new GrpcTransport(new WatchService.WatchServiceClient(channel));
        for (int i = 0; i < Siblings; i++)
        {
            var filter = new EventFilter { MinLevel = LogLevel.Warn };
            scene.Stage.Add(new Watcher(scene.Stage.Loads[i % StageSize.Jobs].JobId, filter, [transport], 0, new Random(scene.Random.Next())));
        }

        var load = scene.Stage.Loads[0];
        var request = new WatchJobRequest { JobId = load.JobId, Start = new WatchStart { Beginning = true } };
        await using var stalled = await transport.OpenAsync(request, CancellationToken.None);
        long before = load.Head;
        double held = 0;
        for (; held < 8 || (load.Head - before) * EventBytes < 2 * WindowBytes; held++)
        {
            Scene.Happened(held < 40, "too little was recorded for a reader to hold anything up");
            await HoldAsync(1);
            await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "the siblings of a reader that stands still keep up");
        }
        await ReadAllAsync(stalled, load.Head);
    }

    private static async Task ReadAllAsync(Session session, long head)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        long position = 0;
        await foreach (var message in session.Messages.WithCancellation(patience.Token))
        {
            if (message.Event is not { } item)
                continue;
            Assert.Equal(position + 1, item.Position);
            position = item.Position;
            if (position >= head)
                return;
        }
        Assert.Fail($"The stalled reader's stream ended at {position}; {head} was to come");
    }
}
