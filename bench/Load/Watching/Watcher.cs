using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Jobwatch.Bench.Events;

namespace Jobwatch.Bench.Watching;

/// <summary>
/// One watcher's connection, whatever it speaks. It takes what comes apart into events, and looks at their numbers only. It fails
/// when one is lost, comes twice or out of order.
/// </summary>
internal abstract class Watcher : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _rest = [];
    private int _restLength;
    private long _receivedAt;

    /// <param name="server">Where to connect to.</param>
    /// <param name="last">The number of the last event that it doesn't get.</param>
    protected Watcher(Uri server, long last)
    {
        Last = last;
        _socket.Connect(IPAddress.Parse(server.Host), server.Port);
    }

    public int Handle => (int)_socket.Handle;

    /// <summary>The number of the last event.</summary>
    public long Last { get; private set; }

    /// <summary>Whether it gets whatever is sent from now on.</summary>
    public bool IsLive { get; protected set; }

    /// <summary>Events that came.</summary>
    public long Events { get; private set; }

    /// <summary>Where to count how long events took; null where that is not asked for.</summary>
    public Latencies? Latencies { get; set; }

    /// <summary>No more calls will wait for the server.</summary>
    public void StopWaiting() => _socket.Blocking = false;

    /// <summary>Reads what is there once.</summary>
    /// <param name="buffer">Room for what was left of the last read, and for one read.</param>
    public void Read(byte[] buffer)
    {
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var count = _socket.Receive(buffer.AsSpan(_restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (count == 0 || error != SocketError.Success)
        {
            throw new IOException($"The server ended a watcher's stream after event {Last}: {error}");
        }

        _receivedAt = Stopwatch.GetTimestamp();
        var length = Unwrap(buffer.AsSpan(0, _restLength + count), _restLength);
        var taken = Take(buffer.AsSpan(0, length));
        Keep(buffer.AsSpan(taken, length - taken));
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends something to the server, in full.</summary>
    protected void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Takes what the transport put around the stream out of the bytes, in place.</summary>
    /// <param name="bytes">What was left, unwrapped, and what came.</param>
    /// <param name="from">Where that begins.</param>
    /// <returns>How many bytes there are now.</returns>
    protected virtual int Unwrap(Span<byte> bytes, int from) => bytes.Length;

    /// <summary>Takes what is whole.</summary>
    /// <returns>How many bytes were taken. The rest comes again, with more behind it.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes);

    /// <summary>Takes an event by its mark.</summary>
    protected void Saw(ReadOnlySpan<byte> mark) => Saw(Mark.Number(mark), mark);

    /// <summary>Takes an event that the server has numbered.</summary>
    protected void Saw(long number, ReadOnlySpan<byte> mark)
    {
        if (number != Last + 1)
        {
            throw new InvalidDataException($"Event {number} came after {Last}.");
        }

        Last = number;
        Events++;
        Latencies?.Add(Mark.Stamp(mark), _receivedAt);
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _rest.Length)
        {
            _rest = new byte[rest.Length * 2];
        }

        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }
}
