namespace Jobwatch.SseEdge.Hosting;

/// <summary>The edge's own address, its nodes, and what a single request may take. Section <c>Edge</c>.</summary>
internal sealed class EdgeOptions
{
    /// <summary>
    /// Where the edge listens. Host: an IP address, <c>localhost</c>, or <c>*</c> for all interfaces; port 0 takes a free one.
    /// With <c>https</c> (then HTTP/2 too) the certificate is Kestrel's <c>Kestrel__Certificates__Default</c>.
    /// </summary>
    [HttpAddress(Listens = true)]
    public string HttpUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The node's gRPC address; of several nodes the addresses with semicolons between, or <c>dns:///HOST:PORT</c>, a name that has them all.
    /// Streams and calls are spread over the nodes that serve.
    /// </summary>
    [NodeAddresses]
    public string NodeAddress { get; set; } = "http://127.0.0.1:8081";

    /// <summary>
    /// After SIGTERM, how long the edge serves on although it says that it isn't ready, so that load balancers have noticed before it
    /// refuses anything: a browser gives up for good where it is refused.
    /// </summary>
    [Duration("00:00:00", "00:05:00")]
    public TimeSpan PreStopDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the node may take for an answer, or for the first sign of a stream; then 504.</summary>
    [Duration("00:00:00.100", "00:10:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The largest request body in bytes; then 413. A batch of 4 MB, the most that the node takes, is a little more as JSON.
    /// </summary>
    [Number(1024, 64 * 1024 * 1024)]
    public int MaxRequestBodyBytes { get; set; } = 6 * 1024 * 1024;

    /// <summary>
    /// What the kernel may hold of a response that nobody reads, in bytes; it takes about twice this for its own book-keeping.
    /// Left to itself it goes up to some megabytes a connection. It bounds the speed on long ways: one such buffer a round trip.
    /// </summary>
    [Number(4096, 16 * 1024 * 1024)]
    public int SendBufferBytes { get; set; } = 128 * 1024;

    /// <summary>What the server itself may hold of it before a write waits, in bytes.</summary>
    [Number(4096, 16 * 1024 * 1024)]
    public int ResponseBufferBytes { get; set; } = 64 * 1024;
}
