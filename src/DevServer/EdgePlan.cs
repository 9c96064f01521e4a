using Jobwatch.DevServer.Processes;
using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer;

/// <summary>How the edge is run.</summary>
internal sealed class EdgePlan(string dll, ServerFile addresses, HttpClient http)
{
    private const string HostsVariable = "AllowedHosts";

    // Else a page of anywhere, whose name its owner turns into 127.0.0.1, could read and write the local tenant from a browser here.
    private const string LoopbackHosts = "localhost;127.0.0.1;[::1]";

    public ChildPlan Plan => new(
        "edge",
        () => DotnetChild.Command(dll, new()
        {
            ["Edge__HttpUrl"] = addresses.HttpAddress,
            ["Edge__NodeAddress"] = addresses.GrpcAddress,
            [HostsVariable] = Environment.GetEnvironmentVariable(HostsVariable) is { Length: > 0 } given ? given : LoopbackHosts,
        }),
        cancel => DotnetChild.IsReadyAsync(http, addresses.HttpAddress, cancel));
}
