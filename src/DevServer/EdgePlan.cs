using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer;

/// <summary>How the edge is run.</summary>
internal sealed class EdgePlan(string dll, ServerFile addresses, HttpClient http)
{
    public ChildPlan Plan => new(
        "edge",
        () => DotnetChild.Command(dll, new()
        {
            ["Edge__HttpUrl"] = addresses.HttpAddress,
            ["Edge__NodeAddress"] = addresses.GrpcAddress,
        }),
        cancel => DotnetChild.IsReadyAsync(http, addresses.HttpAddress, cancel));
}
