using System.Buffers;
using System.IO.Pipelines;
using Jobwatch.Shared;

namespace Jobwatch.Bench.PeerServers.Frames;

/// <summary>
/// The newest frames as they go on the wire, one behind the other in a ring of bytes: as little work for a reader as there can be,
/// since it copies as much as waits for it. Writers take turns.
/// </summary>
internal sealed class FrameLog
{
    private const int RingBytes = 4 << 20;
    private const int WriteBytes = 64 * 1024;

    private readonly byte[] _ring = new byte[RingBytes];
    private readonly Lock _listing = new();
    private readonly List<FrameReader> _readers = [];
    private long _end;

    /// <summary>Bytes ever written.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Wakes a writer that waits for readers.</summary>
    public Wakeup Progress { get; } = new();

    /// <summary>Adds a frame. Readers that rest see it when they are next woken.</summary>
    public void Add(ReadOnlySpan<byte> frame)
    {
        var at = (int)(_end % RingBytes);
        var first = Math.Min(frame.Length, RingBytes - at);
        frame[..first].CopyTo(_ring.AsSpan(at));
        frame[first..].CopyTo(_ring);
        Volatile.Write(ref _end, _end + frame.Length);
    }

    public void Wake()
    {
        lock (_listing)
        {
            _readers.ForEach(reader => reader.Wakeup.Signal());
        }
    }

    /// <summary>Where the slowest reader is; the end if there is none.</summary>
    public long Slowest()
    {
        lock (_listing)
        {
            return _readers.Count == 0 ? End : _readers.Min(reader => Volatile.Read(ref reader.At));
        }
    }

    public FrameReader Enter()
    {
        lock (_listing)
        {
            var reader = new FrameReader { At = End };
            _readers.Add(reader);
            return reader;
        }
    }

    public void Leave(FrameReader reader)
    {
        lock (_listing)
        {
            _readers.Remove(reader);
        }

        Progress.Signal();
    }

    /// <summary>Writes what waits for a reader, up to a limit; false if there is nothing.</summary>
    public bool TryWrite(FrameReader reader, PipeWriter output)
    {
        var waiting = End - reader.At;
        if (waiting == 0)
        {
            return false;
        }

        if (waiting > RingBytes)
        {
            throw new InvalidOperationException("A reader fell out of the ring.");
        }

        var at = (int)(reader.At % RingBytes);
        var count = (int)Math.Min(Math.Min(waiting, WriteBytes), RingBytes - at);
        output.Write(_ring.AsSpan(at, count));
        Volatile.Write(ref reader.At, reader.At + count);
        Progress.Signal();
        return true;
    }
}
