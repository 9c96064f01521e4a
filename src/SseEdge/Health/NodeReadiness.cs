using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.Client;

namespace Jobwatch.SseEdge.Health;

/// <summary>Whether the node says that it serves, asked at most once a second whoever wants to know how often.</summary>
internal sealed class NodeReadiness(JobwatchClient node, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private readonly Grpc.Health.V1.Health.HealthClient _health = new(node.Channel);
    private readonly Lock _gate = new();
    private Task<bool>? _probe;
    private long _probedAt;

    public Task<bool> IsServingAsync()
    {
        lock (_gate)
        {
            if (_probe is null || (_probe.IsCompleted && time.GetElapsedTime(_probedAt) >= MaxAge))
            {
                _probedAt = time.GetTimestamp();
                _probe = ProbeAsync();
            }

            return _probe;
        }
    }

    private async Task<bool> ProbeAsync()
    {
        try
        {
            var answer = await _health.CheckAsync(new HealthCheckRequest(), deadline: time.GetUtcNow().UtcDateTime + ProbeTimeout);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (Exception away) when (away is RpcException or OperationCanceledException)
        {
            return false;
        }
    }
}
