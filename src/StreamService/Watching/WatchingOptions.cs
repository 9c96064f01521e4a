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

    /// <summary>At a shutdown each watcher is sent elsewhere after a random delay up to this. 0 to 5 min; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainSpread { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a shutdown waits for readers that don't read before it cuts their streams. 0 to 5 min; default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
