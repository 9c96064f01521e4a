using System.ComponentModel.DataAnnotations;

namespace Jobwatch.StreamService.Journal;

/// <summary>Settings of the journal, section <c>Journal</c>.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>The PostgreSQL connection string, from <c>ConnectionStrings:Jobwatch</c>.</summary>
    [ConnectionString]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Commits under way at once. Few and large ones cost PostgreSQL the least for each event; more than one pays where it has
    /// cores to spare. Appends of one job always take the same lane, so that they queue here and not in PostgreSQL.
    /// </summary>
    [Range(1, 32)]
    public int CommitLanes { get; set; } = 1;

    /// <summary>Events of one group commit, at most; a single batch may hold as many.</summary>
    [Range(1_000, 20_000)]
    public int GroupEvents { get; set; } = 4_000;

    /// <summary>Bytes of one group commit, at most.</summary>
    [Range(4 * 1024 * 1024, 64 * 1024 * 1024)]
    public int GroupBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Appends that may wait in a lane; the next one is refused.</summary>
    [Range(1, 1_000_000)]
    public int WaitingAppends { get; set; } = 10_000;

    /// <summary>Bytes that may wait in all lanes together; the next append is refused.</summary>
    [Range(8L * 1024 * 1024, 16L * 1024 * 1024 * 1024)]
    public long WaitingBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>For how long an append is tried again while PostgreSQL is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(5);
}
