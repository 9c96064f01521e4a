using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>CatalogService: what there is, and its end.</summary>
internal sealed class CatalogRpc(
    CatalogReader catalog, JobLookup jobs, JobLists jobLists, ExecutionLists executionLists, EventLists eventLists, JobDeletion deletion)
    : CatalogService.CatalogServiceBase
{
    public override async Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context)
    {
        Identifiers.Require(request.JobId, "job_id");
        var key = new JobKey(Tenant(context), request.JobId);
        var record = await catalog.FindJobAsync(key, context.CancellationToken) ?? throw JobLookup.NotFound(request.JobId);
        return new GetJobResponse { Job = JobLists.WithCursor(record) };
    }

    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        jobLists.ListAsync(Tenant(context), request, context.CancellationToken);

    public override async Task<GetExecutionResponse> GetExecution(GetExecutionRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        violations.AddUnlessValid(request.JobId, "job_id");
        violations.AddUnlessValid(request.ExecutionId, "execution_id");
        violations.ThrowIfAny();

        var job = await jobs.FindAsync(Tenant(context), request.JobId, context.CancellationToken);
        var record = await catalog.FindExecutionAsync(job.Log, request.ExecutionId, context.CancellationToken)
            ?? throw RpcErrors.NotFound(
                Reasons.ExecutionNotFound,
                $"Job '{request.JobId}' has no execution '{request.ExecutionId}': ListExecutions shows the ones it has.");
        return new GetExecutionResponse { Execution = record.Execution.WithFloor(job.Floor) };
    }

    public override Task<ListExecutionsResponse> ListExecutions(ListExecutionsRequest request, ServerCallContext context) =>
        executionLists.ListAsync(Tenant(context), request, context.CancellationToken);

    public override Task<ListEventsResponse> ListEvents(ListEventsRequest request, ServerCallContext context) =>
        eventLists.ListAsync(Tenant(context), request, context.CancellationToken);

    public override async Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context)
    {
        Identifiers.Require(request.JobId, "job_id");
        return await deletion.DeleteAsync(new JobKey(Tenant(context), request.JobId), context.CancellationToken)
            ? new DeleteJobResponse()
            : throw JobLookup.NotFound(request.JobId);
    }

    private static string Tenant(ServerCallContext context) => context.GetHttpContext().Tenant();
}
