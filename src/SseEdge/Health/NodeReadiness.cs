using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.Client;
using Jobwatch.SseEdge.Hosting;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Health;

/// <summary>Whether one of the nodes says that it serves, asked at most once a second whoever wants to know how often.</summary>
internal sealed class NodeReadiness : IAsyncDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    // An address that is a name may stand for several nodes, and each question comes to the next.
    private const int Asked = 3;

    // Connections of its own, one a node: those of the calls choose a node, and not always another one.
    private readonly List<JobwatchClient> _nodes;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task<bool>? _probe;
    private long _probedAt;

    public NodeReadiness(IOptions<EdgeOptions> edge, TimeProvider time)
    {
        _nodes = [.. NodeAddressesAttribute.Parse(edge.Value.NodeAddress).Select(address => new JobwatchClient(new JobwatchClientOptions { Address = address }))];
        _time = time;
    }

    public Task<bool> IsOneServingAsync()
    {
        lock (_gate)
        {
            if (_probe is null || (_probe.IsCompleted && _time.GetElapsedTime(_probedAt) >= MaxAge))
            {
                _probedAt = _time.GetTimestamp();
                _probe = ProbeAsync();
            }

            return _probe;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private async Task<bool> ProbeAsync()
    {
        var probes = _nodes.Select(IsServingAsync).ToList();
        await foreach (var probe in Task.WhenEach(probes))
        {
            if (await probe)
                return true;
        }

        return false;
    }

    private async Task<bool> IsServingAsync(JobwatchClient node)
    {
        try
        {
            var health = new Grpc.Health.V1.Health.HealthClient(node.Channel);
            var deadline = _time.GetUtcNow().UtcDateTime + ProbeTimeout;
            for (var i = 0; i < Asked; i++)
            {
                var answer = await health.CheckAsync(new HealthCheckRequest(), deadline: deadline);
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return true;
            }
        }
        catch (Exception away) when (away is RpcException or OperationCanceledException)
        {
            // As good as one that says no.
        }

        return false;
    }
}
