using System.ComponentModel.DataAnnotations;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Where a node listens and how it stops. Section <c>Node</c>.</summary>
internal sealed class NodeOptions
{
    public const string Section = "Node";

    /// <summary>Where gRPC listens: HTTP/2 in cleartext only.</summary>
    public string GrpcUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Where /livez, /readyz and /metrics listen: HTTP/1.1 only. Empty, the default: nowhere.</summary>
    public string MonitoringUrl { get; set; } = "";

    /// <summary>
    /// After SIGTERM, how long the node serves on although it says that it isn't ready, so that load balancers have noticed before it
    /// refuses anything. 0 to 5 min; default 0.3 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan PreStopDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>After that, how long calls under way may take to end before they are cut.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
