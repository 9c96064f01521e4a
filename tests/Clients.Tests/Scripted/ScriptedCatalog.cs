using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Says of any deletion that it is done, or what it refuses with, and of any execution what it is told to.</summary>
internal sealed class ScriptedCatalog : CatalogService.CatalogServiceBase
{
    internal RpcException? Refusal { get; set; }

    /// <summary>How many calls came.</summary>
    internal int Calls { get; private set; }

    /// <summary>What it says of any execution.</summary>
    internal Execution Execution { get; set; } = new();

    public override Task<GetExecutionResponse> GetExecution(GetExecutionRequest request, ServerCallContext context) =>
        Task.FromResult(new GetExecutionResponse { Execution = Execution });

    public override Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context)
    {
        Calls++;
        return Refusal is null ? Task.FromResult(new DeleteJobResponse()) : throw Refusal;
    }
}
