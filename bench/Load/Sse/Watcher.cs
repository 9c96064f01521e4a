using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Jobwatch.Bench.Sse;

/// <summary>
/// One watcher's connection: HTTP/1.1, chunks taken apart, and each frame looked at for its position only. It fails when a position
/// is lost, comes twice or out of order.
/// </summary>
internal sealed class Watcher : IDisposable
{
    private readonly Socket _socket;
    private byte[] _rest = new byte[1024];
    private int _restLength;
    private int _chunkLeft;
    private int _chunkSize = -1;
    private bool _hasHead;

    public Watcher(Uri server, string path)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _socket.Connect(IPAddress.Parse(server.Host), server.Port);
        _socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: text/event-stream\r\n\r\n"));
        _socket.Blocking = false;
    }

    public int Handle => (int)_socket.Handle;

    /// <summary>The position of the last event; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Whether it is live.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Events that came.</summary>
    public long Events { get; private set; }

    /// <summary>Reads what is there once.</summary>
    /// <param name="received">Room for the bytes of one read.</param>
    /// <param name="body">Room for what was left of the last read, and for those bytes.</param>
    public void Read(Span<byte> received, byte[] body)
    {
        var count = _socket.Receive(received, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (count == 0 || error != SocketError.Success)
        {
            throw new IOException($"The server ended a watcher's stream after event {Last}: {error}");
        }

        _rest.AsSpan(0, _restLength).CopyTo(body);
        var length = Unchunk(received[..count], body, _restLength);
        var taken = Take(body.AsSpan(0, length));
        Keep(body.AsSpan(taken, length - taken));
    }

    public void Dispose() => _socket.Dispose();

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _rest.Length)
        {
            _rest = new byte[rest.Length * 2];
        }

        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }

    // Chunk by chunk: SIZE in hex, CRLF, so many bytes, CRLF. A size may be torn between two reads.
    private int Unchunk(ReadOnlySpan<byte> received, byte[] body, int length)
    {
        if (!_hasHead)
        {
            var end = received.IndexOf("\r\n\r\n"u8);
            if (!received.StartsWith("HTTP/1.1 200"u8) || end < 0)
            {
                throw new IOException($"The server refused a watcher: {Encoding.UTF8.GetString(received)}");
            }

            _hasHead = true;
            received = received[(end + 4)..];
        }

        while (received.Length > 0)
        {
            if (_chunkLeft > 0)
            {
                var part = Math.Min(_chunkLeft, received.Length);
                received[..part].CopyTo(body.AsSpan(length));
                length += part;
                _chunkLeft -= part;
                received = received[part..];
                continue;
            }

            var next = received[0];
            received = received[1..];
            if (next == '\n' && _chunkSize >= 0)
            {
                (_chunkLeft, _chunkSize) = (_chunkSize, -1);
            }
            else if (next is not ((byte)'\r' or (byte)'\n'))
            {
                _chunkSize = (Math.Max(_chunkSize, 0) << 4) + HexOf(next);
            }
        }

        return length;
    }

    private static int HexOf(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // How many bytes were whole frames.
    private int Take(ReadOnlySpan<byte> body)
    {
        var taken = 0;
        while (body[taken..].IndexOf("\n\n"u8) is var end && end >= 0)
        {
            TakeFrame(body.Slice(taken, end));
            taken += end + 2;
        }

        return taken;
    }

    private void TakeFrame(ReadOnlySpan<byte> frame)
    {
        var at = frame.IndexOf("\"position\":"u8);
        if (frame.IndexOf("event: execution_update"u8) < 0)
        {
            IsLive |= frame.IndexOf("event: caught_up"u8) >= 0;
            return;
        }

        if (!Utf8Parser.TryParse(frame[(at + 11)..], out long position, out _) || (Last != 0 && position != Last + 1))
        {
            throw new InvalidDataException($"Position {position} came after {Last}.");
        }

        Last = position;
        Events++;
    }
}
