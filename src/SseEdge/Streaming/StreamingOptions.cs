using Jobwatch.SseEdge.Hosting;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>How patient streams are. Section <c>Edge</c>.</summary>
internal sealed class StreamingOptions
{
    /// <summary>
    /// How long a stream goes on by itself, by its cursor, while the node can't be reached; then it ends with an error event.
    /// Counted from the first failure since the node was last heard of.
    /// </summary>
    [Duration("00:00:00", "01:00:00")]
    public TimeSpan ResumeFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a stream of the node's may be silent before its readers get a heartbeat from the edge itself, as while the node is away;
    /// then as often as that. Longer than the node's <c>Watching__HeartbeatInterval</c>, so that a node that is there says its own.
    /// </summary>
    [Duration("00:00:01", "01:00:00")]
    public TimeSpan HeartbeatAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a reader may take nothing while there is something to send; then its connection is cut. It can resume.</summary>
    [Duration("00:00:01", "1.00:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a browser is told to wait before it reconnects, give or take a half at random so that they don't come all at once.
    /// </summary>
    [Duration("00:00:00.100", "00:05:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How old a stream gets, a fifth more or less at random, before it says its farewell and ends: its reader comes back by its cursor,
    /// also to an edge that was added meanwhile.
    /// </summary>
    [Duration("00:00:01", "30.00:00:00")]
    public TimeSpan MaxStreamAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a stream has to say its farewell when the edge stops; then its connection is cut.</summary>
    [Duration("00:00:00.100", "00:00:08")]
    public TimeSpan FarewellTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
