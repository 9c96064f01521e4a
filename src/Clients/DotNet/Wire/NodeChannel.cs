using Grpc.Net.Client;

namespace Jobwatch.Client.Wire;

internal static class NodeChannel
{
    private const string FixedWindows = "System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing";
    private const int MaxReceiveBytes = 8 * 1024 * 1024;

    // The smallest that .NET takes: what a reader that stops can make the node send ahead to it.
    private const int StreamWindowBytes = 65_535;

    static NodeChannel()
    {
        // Windows that grow (to 16 MB a stream) would swallow the backpressure of a slow reader. The runtime reads the switch
        // once a process, when its first handler is set up; a host that set it either way in its configuration is left alone.
        if (!AppContext.TryGetSwitch(FixedWindows, out _))
            AppContext.SetSwitch(FixedWindows, true);
    }

    internal static GrpcChannel Open(JobwatchClientOptions options)
    {
        HttpMessageHandler handler = new RefusalHandler(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        });
        if (!string.IsNullOrEmpty(options.Token))
            handler = new CredentialHandler(options.Token, handler);

        return GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            LoggerFactory = options.LoggerFactory,
            MaxReceiveMessageSize = MaxReceiveBytes,
            // The channel's own backoff (up to 2 minutes) refuses calls without trying: it must never outlast the client's.
            InitialReconnectBackoff = options.InitialBackoff,
            MaxReconnectBackoff = options.InitialBackoff,
        });
    }
}
