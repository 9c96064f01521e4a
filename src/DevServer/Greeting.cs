using Jobwatch.DevServer.Workspace;

namespace Jobwatch.DevServer;

/// <summary>What a person needs to know once everything runs.</summary>
internal static class Greeting
{
    public static string Text(ServerFile addresses, DataFolder folder) => $"""

        Jobwatch is running.
          Page and HTTP   {addresses.HttpAddress}
          gRPC            {addresses.GrpcAddress}
          Token           {addresses.TokenFile} (tenant local)
          Logs            {folder.Logs}

        Try it, in other terminals:
          curl -N -H 'Accept: text/event-stream' '{addresses.HttpAddress}/v1/jobs/demo:watch?allow_missing=true'
          dotnet run --project src/Clients/Cli -- run --job demo -- sh -c 'for n in 1 2 3; do echo line $n; sleep 1; done'
          dotnet run --project src/Clients/Cli -- watch demo

        Ctrl-C stops it.
        """;
}
