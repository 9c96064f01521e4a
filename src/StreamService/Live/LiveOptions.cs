using System.ComponentModel.DataAnnotations;

namespace Jobwatch.StreamService.Live;

/// <summary>How much of each watched log a node keeps at hand, and how it looks for commits that it was not told of. Section <c>Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>Newest events kept in memory for each watched job. 1 to 1,048,576; default 4096.</summary>
    [Range(1, 1 << 20)]
    public int RingEvents { get; set; } = 4096;

    /// <summary>Bytes of those events, whichever bound is met first. 1 KB to 1 GB; default 4 MB.</summary>
    [Range(1 << 10, 1 << 30)]
    public long RingBytes { get; set; } = 4 << 20;

    /// <summary>Pages of the store that are read for watchers at once; the next one waits. 1 to 1024; default 16.</summary>
    [Range(1, 1024)]
    public int StoreReads { get; set; } = 16;

    /// <summary>
    /// How often the heads of all watched jobs are compared with the store, in one query. 50 ms to 2 s, which is the
    /// longest that a lost hint may go unnoticed; default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:02", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);
}
