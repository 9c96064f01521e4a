using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Bench.FanOut;

/// <summary>A producer on a raw socket whose requests are answered in order. It reads answers when too many are due.</summary>
internal abstract class PipelinedPublisher : Publisher
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 * 1024];
    private readonly int _underWay;
    private readonly MemoryStream _request = new();
    private int _length;
    private int _due;

    protected PipelinedPublisher(Uri server, int underWay)
    {
        _underWay = underWay;
        _socket.Connect(IPAddress.Parse(server.Host), server.Port);
    }

    public sealed override void Publish(int topic, int events, long stamp)
    {
        _request.SetLength(0);
        _due += Write(_request, topic, events, stamp);
        Send(_request.GetBuffer().AsSpan(0, (int)_request.Length));
        // What answers there are at hand is not worth a call each; those of so many events have to come before more is sent.
        Await(_underWay - 1);
    }

    public sealed override void Finish() => Await(0);

    public sealed override void Dispose()
    {
        _socket.Dispose();
        _request.Dispose();
    }

    /// <summary>Writes a request, or one for each event.</summary>
    /// <returns>How many answers it will get.</returns>
    protected abstract int Write(Stream request, int topic, int events, long stamp);

    /// <summary>Takes a whole answer from the front of what came; throws if it is a refusal.</summary>
    /// <returns>Its length; 0 if it is not whole yet.</returns>
    protected abstract int TakeAnswer(ReadOnlySpan<byte> received, out bool isAnswer);

    /// <summary>Sends something that is no request.</summary>
    protected void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void Await(int due)
    {
        while (_due > due)
        {
            var count = _socket.Receive(_received.AsSpan(_length));
            if (count == 0)
            {
                throw new IOException("The server closed a producer's connection.");
            }

            _length += count;
            var taken = 0;
            while (TakeAnswer(_received.AsSpan(taken, _length - taken), out var isAnswer) is var length and > 0)
            {
                taken += length;
                _due -= isAnswer ? 1 : 0;
            }

            _received.AsSpan(taken, _length - taken).CopyTo(_received);
            _length -= taken;
        }
    }
}
