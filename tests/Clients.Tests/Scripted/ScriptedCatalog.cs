using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Says of any deletion that it is done, or what it refuses with.</summary>
internal sealed class ScriptedCatalog : CatalogService.CatalogServiceBase
{
    internal RpcException? Refusal { get; set; }

    /// <summary>How many calls came.</summary>
    internal int Calls { get; private set; }

    public override Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context)
    {
        Calls++;
        return Refusal is null ? Task.FromResult(new DeleteJobResponse()) : throw Refusal;
    }
}
