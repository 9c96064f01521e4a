using System.Net;
using System.Net.Sockets;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class ArrivalTests
{
    private const int Callers = 1000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_thousand_who_come_at_once_are_let_in_while_node_and_edge_are_busy()
    {
        await using var deployment = await Deployment.StartAsync();
        await ArriveAsync(deployment.Node, deployment.Node.Address);
        await ArriveAsync(deployment.Edge, deployment.Edge.Address);
    }

    // A process that is stopped accepts nobody: the kernel does, for as many as it was told.
    private static async Task ArriveAsync(ServerProcess server, Uri address)
    {
        var callers = new List<TcpClient>();
        server.Signal(UnixSignal.SigStop);
        try
        {
            await server.Child.WaitUntilAsync(_ => Task.FromResult(ProcessTree.IsStopped(server.Child.Id)), "stopped");
            using var enough = new CancellationTokenSource(Deadline);
            for (int i = 0; i < Callers; i++)
            {
                callers.Add(new TcpClient());
                await callers[i].ConnectAsync(IPAddress.Loopback, address.Port, enough.Token);
            }
        }
        finally
        {
            server.Signal(UnixSignal.SigCont);
            callers.ForEach(caller => caller.Dispose());
        }
    }
}
