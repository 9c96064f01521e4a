using System.Buffers.Binary;
using System.Text;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>
/// A client over a WebSocket (RFC 6455). A server's frames are not masked, and one record may be in several of them: what they carry is
/// read as one stream of bytes.
/// </summary>
internal sealed class SignalRWebSocketWatcher : Watcher
{
    private const byte Text = 0x81;
    private const byte Masked = 0x80;
    private const int MostHeaderBytes = 10;

    private readonly byte[] _header = new byte[MostHeaderBytes];
    private int _headerLength;
    private long _frameLeft;
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

    protected override int Unwrap(Span<byte> bytes, int from)
    {
        var received = bytes[from..];
        if (!_hasHead)
        {
            received = AfterHead(received);
        }

        var length = from;
        while (received.Length > 0)
        {
            if (_frameLeft == 0)
            {
                _header[_headerLength++] = received[0];
                received = received[1..];
                _frameLeft = HeaderSays();
                continue;
            }

            var part = (int)Math.Min(_frameLeft, received.Length);
            received[..part].CopyTo(bytes[length..]);
            length += part;
            _frameLeft -= part;
            received = received[part..];
        }

        return length;
    }

    protected override int Take(ReadOnlySpan<byte> bytes) => Records.Take(bytes, Receive);

    private void Receive(ReadOnlySpan<byte> mark, bool saysLive)
    {
        IsLive |= saysLive;
        if (!mark.IsEmpty)
        {
            Saw(mark);
        }
    }

    private Span<byte> AfterHead(Span<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (!bytes.StartsWith("HTTP/1.1 101"u8) || end < 0)
        {
            throw new IOException($"The server refused a watcher: {Encoding.UTF8.GetString(bytes)}");
        }

        _hasHead = true;
        return bytes[(end + 4)..];
    }

    // The length of the frame whose header is read, once all of it is; 0 before.
    private long HeaderSays()
    {
        var needed = _headerLength < 2 ? 2 : _header[1] switch { 126 => 4, 127 => MostHeaderBytes, _ => 2 };
        if (_headerLength < needed)
        {
            return 0;
        }

        _headerLength = 0;
        return needed switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            MostHeaderBytes => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
            _ => _header[1],
        };
    }
}
