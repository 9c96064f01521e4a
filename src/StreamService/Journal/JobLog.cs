using System.Globalization;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// One life of a job and its log: a job that was deleted and made again has another incarnation, and so another log.
/// Incarnations are unique in the database and never used again.
/// </summary>
internal sealed record JobLog(JobKey Job, long Incarnation)
{
    /// <summary>
    /// The key of the Marten stream. It names the tenant although the table has a column for it: one wrong tenant on a
    /// session would otherwise write into another tenant's log.
    /// </summary>
    public string StreamKey { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Job.Tenant}/{Job.JobId}/{Incarnation:x}");
}
