using Grpc.Core;
using Jobwatch.Testing.Producing;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Where a watcher starts.</summary>
/// <param name="Start">As it asks for it.</param>
/// <param name="After">The position that it starts behind; null if a snapshot will tell.</param>
internal sealed record DrawnStart(WatchStart Start, long? After)
{
    /// <summary>Looks at the job as it is now for what the kind of start needs.</summary>
    public static async Task<DrawnStart> DrawAsync(WatchPlan plan, Random random, CatalogService.CatalogServiceClient catalog)
    {
        switch (plan.Start)
        {
            case WatchStart.FromOneofCase.None:
                return new DrawnStart(new WatchStart(), null);
            case WatchStart.FromOneofCase.Latest:
                return new DrawnStart(new WatchStart { Latest = true }, null);
            case WatchStart.FromOneofCase.FromPosition when await FindAsync(plan.JobId, catalog) is { } job:
                long position = random.NextInt64(1, job.LastPosition + 2);
                return new DrawnStart(new WatchStart { FromPosition = position }, position - 1);
            case WatchStart.FromOneofCase.Cursor when await FindAsync(plan.JobId, catalog) is { } job:
                return new DrawnStart(new WatchStart { Cursor = job.Cursor }, job.LastPosition);
            case WatchStart.FromOneofCase.FromExecution when await FindAsync(plan.JobId, catalog) is not null:
                var listed = await catalog.ListExecutionsAsync(new ListExecutionsRequest { JobId = plan.JobId, PageSize = 1000 });
                var execution = random.Pick(listed.Executions);
                return new DrawnStart(new WatchStart { FromExecution = execution.ExecutionId }, execution.FirstPosition - 1);
            default:
                return new DrawnStart(new WatchStart { Beginning = true }, 0);
        }
    }

    private static async Task<Job?> FindAsync(string jobId, CatalogService.CatalogServiceClient catalog)
    {
        try
        {
            return (await catalog.GetJobAsync(new GetJobRequest { JobId = jobId })).Job;
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
