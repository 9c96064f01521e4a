using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Bench.Http2;

/// <summary>
/// A client connection of HTTP/2 in cleartext by blocking calls on one socket, for one thread: next to nothing of a load
/// client's cost, so that the server is what is measured. Receive windows are as large as can be.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int HeaderBytes = 9;
    private const int MaxWindow = int.MaxValue;
    private const int FirstWindow = 65_535;
    private const int MaxData = 16_384; // The largest frame that every server takes.
    private const int LeastRoom = 64 * 1024; // Several frames of the size that was not raised.
    private const int ReplenishAt = 1 << 30;
    private const byte EndHeaders = 4;
    private const byte EndStream = 1;
    private const byte Ack = 1;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[512 * 1024];
    private readonly byte[] _headers;
    private byte[] _call = new byte[4096];
    private int _start;
    private int _end;
    private int _consumed;
    private int _lastStream = -1;
    private long _sendWindow = FirstWindow;
    private int _streamWindow = FirstWindow;
    private bool _isSettled;

    public Connection(Uri server, string path)
    {
        _headers = HeaderBlock.Call(server.Authority, path);
        _socket.Connect(IPAddress.Parse(server.Host), server.Port);
        Span<byte> settings = stackalloc byte[18];
        WriteSetting(settings, id: 1, 0); // No header table: what the server sends then needs no decoder.
        WriteSetting(settings[6..], id: 2, 0); // No push.
        WriteSetting(settings[12..], id: 4, MaxWindow);
        Send([.. Preface, .. Bytes(FrameType.Settings, 0, 0, settings), .. WindowUpdate(MaxWindow - FirstWindow)]);
        while (!_isSettled)
        {
            // The server speaks first, too: its settings say how much it takes.
            if (ReadAny() is { Type: FrameType.Settings } settled)
            {
                Settle(settled);
            }
        }
    }

    /// <summary>Gets each frame, true only during the call.</summary>
    public delegate void FrameReceiver(Frame frame);

    /// <summary>The socket, to wait for several of them.</summary>
    public int Handle => (int)_socket.Handle;

    /// <summary>Whether the server takes a new stream with so many bytes now; if not, its next frames may say so.</summary>
    public bool Takes(int bytes) => _sendWindow >= bytes;

    /// <summary>How many bytes the server takes on a new stream.</summary>
    public int StreamWindow => _streamWindow;

    /// <summary>Opens the next stream with all that it will send, and returns it.</summary>
    public int Call(ReadOnlySpan<byte> message)
    {
        if (message.Length > _streamWindow)
        {
            throw new ArgumentException($"The server takes {_streamWindow} bytes on a new stream, not {message.Length}.", nameof(message));
        }

        _lastStream += 2;
        SendData(Write(_call, FrameType.Headers, EndHeaders, _lastStream, _headers), _lastStream, message, EndStream);
        return _lastStream;
    }

    /// <summary>Opens the next stream with nothing on it yet, and returns it.</summary>
    public int Open()
    {
        _lastStream += 2;
        Send(Bytes(FrameType.Headers, EndHeaders, _lastStream, _headers));
        return _lastStream;
    }

    /// <summary>Sends more on a stream. How much the server takes of it is the caller's to know.</summary>
    public void SendOn(int stream, ReadOnlySpan<byte> message) => SendData(0, stream, message, lastFlags: 0);

    /// <summary>The next frame that is about a stream or a window. Answers settings and pings, and keeps the receive window open.</summary>
    public Frame Read()
    {
        while (true)
        {
            var frame = ReadAny();
            if (!Settles(frame))
            {
                return frame;
            }
        }
    }

    /// <summary>
    /// Receives once, which does not wait where the socket is known to be readable, and gives the frames that are whole; the others
    /// as <see cref="Read"/> does.
    /// </summary>
    public void ReadWhatIsThere(FrameReceiver receive)
    {
        Receive();
        while (_end - _start >= HeaderBytes && _end - _start >= HeaderBytes + PayloadLength(_received.AsSpan(_start)))
        {
            var frame = ReadAny();
            if (!Settles(frame))
            {
                receive(frame);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Behind so many bytes of the buffer.
    private void SendData(int length, int stream, ReadOnlySpan<byte> message, byte lastFlags)
    {
        _sendWindow -= message.Length;
        do
        {
            var part = message[..Math.Min(message.Length, MaxData)];
            message = message[part.Length..];
            if (_call.Length < length + HeaderBytes + part.Length)
            {
                Array.Resize(ref _call, (length + HeaderBytes + part.Length) * 2);
            }

            length += Write(_call.AsSpan(length), FrameType.Data, message.IsEmpty ? lastFlags : (byte)0, stream, part);
        }
        while (message.Length > 0);
        Send(_call.AsSpan(0, length));
    }

    // Whether the frame is the connection's own business.
    private bool Settles(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Data:
                Consume(frame.Payload.Length);
                return false;
            case FrameType.Settings:
                Settle(frame);
                return true;
            case FrameType.Ping when !frame.IsAck:
                Send(Bytes(FrameType.Ping, Ack, 0, frame.Payload));
                return true;
            case FrameType.WindowUpdate when frame.Stream == 0:
                _sendWindow += BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                return false;
            case FrameType.GoAway or FrameType.ResetStream or FrameType.Continuation:
                throw new IOException($"The server sent {frame.Type} for stream {frame.Stream}.");
            default:
                return frame.Type is not (FrameType.Headers or FrameType.WindowUpdate);
        }
    }

    private static int PayloadLength(ReadOnlySpan<byte> header) => (header[0] << 16) | (header[1] << 8) | header[2];

    private Frame ReadAny()
    {
        var header = Need(HeaderBytes);
        var length = PayloadLength(header);
        var (type, flags) = ((FrameType)header[3], header[4]);
        var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
        var payload = Need(HeaderBytes + length)[HeaderBytes..];
        _start += HeaderBytes + length;
        return new Frame(type, flags, stream, payload);
    }

    private void Settle(Frame frame)
    {
        if (frame.IsAck)
        {
            return;
        }

        for (var rest = frame.Payload; rest.Length >= 6; rest = rest[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == 4)
            {
                _streamWindow = BinaryPrimitives.ReadInt32BigEndian(rest[2..]);
            }
        }

        _isSettled = true;
        Send(Bytes(FrameType.Settings, Ack, 0, []));
    }

    private void Consume(int bytes)
    {
        _consumed += bytes;
        if (_consumed >= ReplenishAt)
        {
            Send(WindowUpdate(_consumed));
            _consumed = 0;
        }
    }

    private ReadOnlySpan<byte> Need(int bytes)
    {
        while (_end - _start < bytes)
        {
            Receive();
        }

        return _received.AsSpan(_start, bytes);
    }

    private void Receive()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_received.Length - _end < LeastRoom)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
        }

        var read = _socket.Receive(_received.AsSpan(_end));
        if (read == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        _end += read;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private static byte[] WindowUpdate(int increment)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        return Bytes(FrameType.WindowUpdate, 0, 0, payload);
    }

    private static void WriteSetting(Span<byte> destination, ushort id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, id);
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], value);
    }

    private static byte[] Bytes(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderBytes + payload.Length];
        Write(frame, type, flags, stream, payload);
        return frame;
    }

    private static int Write(Span<byte> destination, FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, payload.Length << 8 | (byte)type);
        destination[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], stream);
        payload.CopyTo(destination[HeaderBytes..]);
        return HeaderBytes + payload.Length;
    }
}
