using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Jobwatch.Testing;

/// <summary>A StreamService process on free ports.</summary>
/// <remarks>Callers without credentials are tenant <c>local</c> unless the environment says otherwise.</remarks>
public sealed class NodeProcess : ServerProcess
{
    private readonly string _connectionString;
    private readonly GrpcChannel _channel;

    public NodeProcess(string connectionString)
    {
        _connectionString = connectionString;
        _channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            ThrowOperationCanceledOnCancellation = true,
            // A node that starts again is asked soon: the channel's own patience grows to two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
        });
    }

    /// <summary>gRPC, HTTP/2 in cleartext.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>/livez, /readyz and /metrics.</summary>
    public Uri MonitoringAddress { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    protected override string Dll => RepositoryFiles.NodeDll;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("ConnectionStrings__Jobwatch", _connectionString),
        new("Node__GrpcUrl", Address.ToString()),
        new("Node__MonitoringUrl", MonitoringAddress.ToString()),
        new("Tenancy__AnonymousTenant", "local"),
    ];

    protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    protected override void Dispose() => _channel.Dispose();
}
