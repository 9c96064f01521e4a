using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>TCP ports of the loopback address.</summary>
public static class Ports
{
    /// <summary>A port that nothing listened on when asked; another process may still take it before the caller does.</summary>
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
