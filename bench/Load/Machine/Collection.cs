using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Jobwatch.Bench.Machine;

/// <summary>
/// Has a .NET process collect its garbage, by the runtime's diagnostics port: a tracing session with this keyword begins with a
/// full collection.
/// </summary>
internal static class Collection
{
    private const byte EventPipe = 2;
    private const byte CollectTracing2 = 3;
    private const byte NetTrace = 1;
    private const byte Informational = 4;
    private const ulong CollectKeyword = 0x800000;
    private const int HeaderBytes = 20;

    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(0.6);

    public static void Force(int processId)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").Single()));
        socket.Send(Request());
        socket.ReceiveTimeout = (int)LongEnough.TotalMilliseconds;
        // The session is over when the socket is closed. What it tells until then is of no use here.
        var told = new byte[64 * 1024];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < LongEnough)
        {
            _ = socket.Receive(told, SocketFlags.None, out _);
        }
    }

    private static byte[] Request()
    {
        var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload);
        writer.Write(1); // MB of buffer
        writer.Write((int)NetTrace);
        writer.Write(false); // No rundown at the end.
        writer.Write(1); // One provider.
        writer.Write(CollectKeyword);
        writer.Write((int)Informational);
        WriteText(writer, "Microsoft-Windows-DotNETRuntime");
        WriteText(writer, "");
        writer.Flush();
        var message = new byte[HeaderBytes + payload.Length];
        "DOTNET_IPC_V1"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventPipe;
        message[17] = CollectTracing2;
        payload.ToArray().CopyTo(message, HeaderBytes);
        return message;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write(text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }
}
