using System.Buffers.Binary;
using Jobwatch.Bench.Http2;

namespace Jobwatch.Bench.Watching;

/// <summary>A watcher with a connection of HTTP/2 and one gRPC stream of its own, in raw frames.</summary>
internal abstract class GrpcWatcher : Watcher
{
    private const int HeaderBytes = 9;
    private const int PrefixBytes = 5;
    private const int Stream = 1;

    private byte[] _message = [];
    private int _messageLength;

    /// <param name="server">The server.</param>
    /// <param name="path">The method.</param>
    /// <param name="request">The framed request. The stream stays open behind it.</param>
    /// <param name="last">The number of the last event that it doesn't get.</param>
    protected GrpcWatcher(Uri server, string path, ReadOnlySpan<byte> request, long last)
        : base(server, last) => Send(Opening.Of(server, path, request));

    protected sealed override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes.Length - taken >= HeaderBytes)
        {
            var header = bytes[taken..];
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (header.Length < HeaderBytes + length)
            {
                break;
            }

            var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
            TakeFrame(new Frame((FrameType)header[3], header[4], stream, header.Slice(HeaderBytes, length)));
            taken += HeaderBytes + length;
        }

        return taken;
    }

    /// <summary>Takes a message of the stream.</summary>
    protected abstract void TakeMessage(ReadOnlySpan<byte> message);

    private void TakeFrame(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Data when frame.Stream == Stream:
                TakeData(frame.Payload);
                break;
            case FrameType.Settings when !frame.IsAck:
                Send(Opening.SettingsAck);
                break;
            case FrameType.Ping when !frame.IsAck:
                Send(Opening.PingAck(frame.Payload));
                break;
            case FrameType.GoAway or FrameType.ResetStream:
                throw new IOException($"The server sent {frame.Type} after event {Last}.");
        }

        if (frame.EndsStream)
        {
            throw new IOException($"The server ended a watcher's stream after event {Last}.");
        }
    }

    private void TakeData(ReadOnlySpan<byte> data)
    {
        if (_messageLength > 0)
        {
            Keep(data);
            data = _message.AsSpan(0, _messageLength);
            _messageLength = 0;
        }

        while (data.Length >= PrefixBytes && BinaryPrimitives.ReadInt32BigEndian(data[1..]) is var length && data.Length >= PrefixBytes + length)
        {
            TakeMessage(data.Slice(PrefixBytes, length));
            data = data[(PrefixBytes + length)..];
        }

        Keep(data);
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_message.Length < _messageLength + data.Length)
        {
            Array.Resize(ref _message, (_messageLength + data.Length) * 2);
        }

        data.CopyTo(_message.AsSpan(_messageLength));
        _messageLength += data.Length;
    }
}
