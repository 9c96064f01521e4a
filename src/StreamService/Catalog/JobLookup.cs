using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Finds a tenant's job or answers NOT_FOUND: the same whether it is not there or another tenant's.</summary>
internal sealed class JobLookup(JournalReader journal)
{
    public async Task<JobHead> FindAsync(string tenant, string jobId, CancellationToken cancellation) =>
        await journal.FindJobAsync(new JobKey(tenant, jobId), cancellation) ?? throw NotFound(jobId);

    public static RpcException NotFound(string jobId) =>
        RpcErrors.NotFound(Reasons.JobNotFound, $"There is no job '{jobId}': the first append to it makes it.");
}
