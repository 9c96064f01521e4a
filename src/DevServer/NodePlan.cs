using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer;

/// <summary>How the node is run.</summary>
internal sealed class NodePlan(string dll, ServerFile addresses, DataFolder folder, string connectionString, HttpClient http)
{
    private readonly string _monitoring = $"http://127.0.0.1:{LoopbackPort.AnyFree()}";

    public ChildPlan Plan => new(
        "node",
        () => DotnetChild.Command(dll, new()
        {
            ["ConnectionStrings__Jobwatch"] = connectionString,
            ["Node__GrpcUrl"] = addresses.GrpcAddress,
            ["Node__MonitoringUrl"] = _monitoring,
            ["Tenancy__TokensFile"] = folder.TokensFile,
            // Whoever reaches a loopback port of this machine is trusted with the local tenant.
            ["Tenancy__AnonymousTenant"] = Tokens.Tenant,
        }),
        cancel => DotnetChild.IsReadyAsync(http, _monitoring, cancel));
}
