using System.ComponentModel.DataAnnotations;

namespace Jobwatch.StreamService.Watching;

/// <summary>How watches are kept alive, bounded and ended. Section <c>Watching</c>.</summary>
internal sealed class WatchingOptions
{
    public const string Section = "Watching";

    /// <summary>A watch that has sent nothing for so long sends a heartbeat. 100 ms to 10 min; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Watches and replays that one process serves at a time; the next is refused. 1 to 1,000,000; default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatches { get; set; } = 10_000;

    /// <summary>For how long a running watch waits for a store that is away before it ends. 0 to 5 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan StorePatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>At a shutdown each watcher is sent elsewhere after a random delay up to this. 0 to 5 min; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainSpread { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a shutdown waits for readers that don't read before it cuts their streams. 0 to 5 min; default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How old a watch gets, a fifth more or less at random, before it is sent on with its cursor, so that nodes which are added get their
    /// share. 1 s to 30 days; default 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan MaxStreamAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a reader may take nothing while there is something to send, up to a quarter longer; then its stream is reset, and it can go
    /// on from its last cursor. Longer than a debugger keeps a reader, or an edge its browser (<c>Edge:StallTimeout</c>).
    /// 1 s to 1 day; default 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(10);
}
