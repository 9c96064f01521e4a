using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Jobwatch.StreamService.Journal;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// Which channel a hint takes: one of a job or of a tenant, by a hash. Two may share a channel: a hint names its job, so
/// that costs whoever listens a hint that he doesn't need, and nothing else.
/// </summary>
internal sealed class HintChannels(IOptions<HintsOptions> options)
{
    // PostgreSQL looks through all channels of a listener for each notification in the database: with a channel for each of
    // 10,000 jobs that takes most of a core. Redis finds a channel at once, and spreads them over its shards.
    private readonly ulong _mask = options.Value.Transport == HintTransport.Postgres ? 0xff : ulong.MaxValue;

    /// <summary>Tells of each of the job's commits.</summary>
    public string Of(JobKey job) => Name("job", $"{job.Tenant}/{job.JobId}");

    /// <summary>Tells of each job that is made in the tenant.</summary>
    public string OfTenant(string tenant) => Name("tenant", tenant);

    private string Name(string kind, string hashed) =>
        string.Create(CultureInfo.InvariantCulture, $"jobwatch_{kind}_{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(hashed)) & _mask:x}");
}
