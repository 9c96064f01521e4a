using System.Buffers.Binary;
using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>A client over a WebSocket (RFC 6455). A server's frames are not masked; each of them has whole records.</summary>
internal sealed class SignalRWebSocketWatcher : Watcher
{
    private const byte Text = 0x81;
    private const byte Masked = 0x80;

    private bool _hasHead;

    public SignalRWebSocketWatcher(Uri server, string path)
        : base(server, last: 0)
    {
        Send(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        // A mask of zeros changes nothing.
        Send([Text, (byte)(Masked | Records.Handshake.Length), 0, 0, 0, 0, .. Records.Handshake]);
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = _hasHead ? 0 : TakeHead(bytes);
        while (TryFrame(bytes[taken..], out var start, out var length))
        {
            TakeRecords(bytes.Slice(taken + start, length));
            taken += start + length;
        }

        return taken;
    }

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (!bytes.StartsWith("HTTP/1.1 101"u8) || end < 0)
        {
            throw new IOException($"The server refused a watcher: {Encoding.UTF8.GetString(bytes)}");
        }

        _hasHead = true;
        return end + 4;
    }

    private static bool TryFrame(ReadOnlySpan<byte> bytes, out int start, out int length)
    {
        (start, length) = (2, bytes.Length < 2 ? 0 : bytes[1]);
        if (length == 126 && bytes.Length >= 4)
        {
            (start, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        }
        else if (length == 127 && bytes.Length >= 10)
        {
            (start, length) = (10, checked((int)BinaryPrimitives.ReadInt64BigEndian(bytes[2..])));
        }

        return bytes.Length >= 2 && bytes.Length >= start + length;
    }

    private void TakeRecords(ReadOnlySpan<byte> payload)
    {
        while (payload.IndexOf(Records.End) is var end && end >= 0)
        {
            var mark = Mark.Find(payload[..end]);
            if (mark.IsEmpty)
            {
                IsLive |= Records.SaysLive(payload[..end]);
            }
            else
            {
                Saw(mark);
            }

            payload = payload[(end + 1)..];
        }
    }
}
