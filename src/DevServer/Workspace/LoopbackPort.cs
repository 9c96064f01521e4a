using System.Net;
using System.Net.Sockets;

namespace Jobwatch.DevServer.Workspace;

/// <summary>TCP ports of 127.0.0.1.</summary>
internal static class LoopbackPort
{
    /// <exception cref="ServerFailure">Something listens there.</exception>
    public static void Require(string option, int port)
    {
        if (!IsFree(port))
            throw new ServerFailure($"Port {port} is in use: choose another with {option}.", ServerFailure.Usage);
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int AnyFree()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
