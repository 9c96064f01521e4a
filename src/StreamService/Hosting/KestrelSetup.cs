using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hosting;

/// <summary>What Kestrel has to be for streams that live for hours.</summary>
internal sealed class KestrelSetup(IOptions<NodeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    // Of Kestrel's 100 the next call waits for ever and without a word in clients that keep to one connection, as most
    // but .NET's do. A connection's streams share one writer, so a client with many busy ones still gains by a second.
    private const int StreamsPerConnection = 1000;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        // Off by default; without them a peer that vanished keeps its streams until TCP gives up.
        kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
        // It judges a whole connection by bursts: one watcher that reads slowly would end its siblings' streams.
        kestrel.Limits.MinResponseDataRate = null;

        Parse(options.Value.GrpcUrl).Listen(kestrel, listen => listen.Protocols = HttpProtocols.Http2);
        if (options.Value.MonitoringUrl.Length > 0)
        {
            Parse(options.Value.MonitoringUrl).Listen(kestrel, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private static ListenAddress Parse(string url) =>
        ListenAddress.TryParse(url) ?? throw new InvalidOperationException("The address was not validated.");
}
