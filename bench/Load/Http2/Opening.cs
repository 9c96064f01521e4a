using System.Buffers.Binary;

namespace Jobwatch.Bench.Http2;

/// <summary>The frames that a client opens a connection and its only stream with, and its answers to what every server says.</summary>
internal static class Opening
{
    private const int MaxWindow = int.MaxValue;
    private const int FirstWindow = 65_535;
    private const byte EndHeaders = 4;
    private const byte Ack = 1;
    private const int Stream = 1;

    public static ReadOnlySpan<byte> SettingsAck => [0, 0, 0, (byte)FrameType.Settings, Ack, 0, 0, 0, 0];

    /// <summary>
    /// Receive windows as large as can be, which are not opened again: enough for 2 GB. No header table, so that nothing needs a decoder.
    /// </summary>
    public static byte[] Of(Uri server, string path, ReadOnlySpan<byte> message) =>
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        .. Frame(FrameType.Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, .. Number(MaxWindow)]),
        .. Frame(FrameType.WindowUpdate, 0, 0, Number(MaxWindow - FirstWindow)),
        .. Frame(FrameType.Headers, EndHeaders, Stream, HeaderBlock.Call(server.Authority, path)),
        .. Frame(FrameType.Data, 0, Stream, message),
    ];

    public static byte[] PingAck(ReadOnlySpan<byte> payload) => Frame(FrameType.Ping, Ack, 0, payload);

    private static byte[] Frame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
        [.. Number(payload.Length << 8 | (byte)type), flags, .. Number(stream), .. payload];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
