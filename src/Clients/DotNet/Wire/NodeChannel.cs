using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;

namespace Jobwatch.Client.Wire;

internal static class NodeChannel
{
    private const string FixedWindows = "System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing";
    private const int MaxReceiveBytes = 8 * 1024 * 1024;

    // The smallest that .NET takes: what a reader that stops can make the node send ahead to it. A connection's window is .NET's own,
    // 64 MB, as much as a thousand of these: streams that stand still leave their siblings room.
    private const int StreamWindowBytes = 65_535;

    // How often a name is looked up again while all goes well: nodes that were added are found by it.
    private static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(15);

    static NodeChannel()
    {
        // Windows that grow (to 16 MB a stream) would swallow the backpressure of a slow reader. The runtime reads the switch
        // once a process, when its first handler is set up; a host that set it either way in its configuration is left alone.
        if (!AppContext.TryGetSwitch(FixedWindows, out _))
            AppContext.SetSwitch(FixedWindows, true);
    }

    internal static GrpcChannel Open(JobwatchClientOptions options, NodeAddresses nodes, KnownNodes known)
    {
        HttpMessageHandler handler = new NodeHandler(known, options, new RefusalHandler(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        }));
        if (!string.IsNullOrEmpty(options.Token))
            handler = new CredentialHandler(options.Token, handler);

        var channel = new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            LoggerFactory = options.LoggerFactory,
            MaxReceiveMessageSize = MaxReceiveBytes,
            // The channel's own backoff (up to 2 minutes) refuses calls without trying: it must never outlast the client's.
            InitialReconnectBackoff = options.InitialBackoff,
            MaxReconnectBackoff = options.InitialBackoff,
        };
        Balance(channel, nodes, known, options.TimeProvider);
        return GrpcChannel.ForAddress(nodes.Target, channel);
    }

    private static void Balance(GrpcChannelOptions channel, NodeAddresses nodes, KnownNodes known, TimeProvider time)
    {
        channel.Credentials = nodes.AreSecure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        channel.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new LoadBalancingConfig(NodesBalancerFactory.PolicyName) } };
        channel.ServiceProvider = new ChannelServices(
            new ResolverFactory[]
            {
                new FixedNodesFactory(nodes),
                new DnsResolverFactory(LookUpInterval),
            },
            new LoadBalancerFactory[] { new NodesBalancerFactory(known, time) });
    }
}
