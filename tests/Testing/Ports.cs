using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>TCP ports of the loopback address.</summary>
public static class Ports
{
    // Below those that the system takes for connections, 32768 by default: it would take one before its server starts, or while that is away.
    private const int First = 11_000;
    private const int Count = 20_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port that nothing listened on when asked, and that no caller in this process had before.</summary>
    public static int Free()
    {
        for (int i = 0; i < Count; i++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException($"Of the ports from {First} to {First + Count - 1} none is free.");
    }

    private static bool IsFree(int port)
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
}
