using Grpc.Core;
using Grpc.Net.Client;
using Jobwatch.Client;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;

namespace Jobwatch.Testing;

/// <summary>Everything that one tenant needs to talk to a node and an edge.</summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    public Callers(Uri node, Uri edge, string? token)
    {
        _channel = GrpcChannel.ForAddress(node, new GrpcChannelOptions
        {
            // A killed node is tried again soon: the channel's own patience grows to two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            Credentials = token is null
                ? ChannelCredentials.Insecure
                : ChannelCredentials.Create(ChannelCredentials.Insecure, Bearer(token)),
            UnsafeUseInsecureChannelCallCredentials = true,
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
        });
        Records = new RecordService.RecordServiceClient(_channel);
        Watches = new WatchService.WatchServiceClient(_channel);
        Catalog = new CatalogService.CatalogServiceClient(_channel);
        Library = new JobwatchClient(new JobwatchClientOptions { Address = node, Token = token, MaxBackoff = TimeSpan.FromSeconds(1) });
        Edge = new HttpClient { BaseAddress = edge };
        if (token is not null)
            Edge.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public RecordService.RecordServiceClient Records { get; }

    public WatchService.WatchServiceClient Watches { get; }

    public CatalogService.CatalogServiceClient Catalog { get; }

    /// <summary>The product's own client; the others are bare.</summary>
    public JobwatchClient Library { get; }

    public HttpClient Edge { get; }

    /// <summary>Watches at the node.</summary>
    public Transport OverGrpc => new GrpcTransport(Watches);

    /// <summary>Watches by server-sent events at the edge.</summary>
    public Transport OverSse => new SseTransport(Edge, ResumeBy.Header, reconciliationsRoute: false);

    /// <summary>Watches by newline-delimited JSON at the edge.</summary>
    public Transport OverNdjson => new NdjsonTransport(Edge, ResumeBy.LastEventIdQuery);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Edge.Dispose();
        await Library.DisposeAsync();
    }

    private static CallCredentials Bearer(string token) => CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add("authorization", $"Bearer {token}");
        return Task.CompletedTask;
    });
}
