using Google.Protobuf;
using Jobwatch.Shared;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>One reader's way along a feed: a place in its chunks, and nothing that grows. For one caller at a time.</summary>
internal sealed class FeedReader<TMessage>(Feed<TMessage> feed, long chunk, int index, FrameMark last, TimeProvider time) : IDisposable
    where TMessage : class, IMessage, new()
{
    private readonly Wakeup _wakeup = new();
    private long _chunk = chunk;
    private long _heard = time.GetTimestamp();
    private int _index = index;
    private volatile bool _rests;

    /// <summary>The last frame that was read, or the one after which the reader joined.</summary>
    public FrameMark Last { get; private set; } = last;

    /// <summary>The number of the chunk that it reads.</summary>
    public long Chunk => Volatile.Read(ref _chunk);

    /// <summary>How long it has not come to read, though it had reason to.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heard));

    /// <summary>Wakes it, whatever it waits for.</summary>
    public void Signal()
    {
        if (_rests)
        {
            _rests = false;
            Volatile.Write(ref _heard, time.GetTimestamp());
        }

        _wakeup.Signal();
    }

    /// <summary>Waits until there may be something to read. It may wake for nothing.</summary>
    public ValueTask WaitAsync()
    {
        _rests = true;
        return _wakeup.WaitAsync();
    }

    /// <summary>If <see cref="Last"/> was read here and ends an execution, the cursor of the frame before it: its end is still to come.</summary>
    public string? BeforeEnd { get; private set; }

    /// <summary>
    /// Whether there is nothing more for it here: it was slower than the feed, and its place is no longer held, or the feed was stopped. It
    /// has to go on by its cursor elsewhere. To be asked when nothing was read.
    /// </summary>
    public bool IsLeftBehind => feed.Find(Chunk) is null || feed.WasStopped;

    /// <summary>Reads the frames that are there, so many bytes at most but for a larger frame; empty if there is none.</summary>
    /// <exception cref="Exception">What the feed ended with, once all of its frames were read.</exception>
    public ReadOnlyMemory<byte> Read(int bytes)
    {
        Volatile.Write(ref _heard, time.GetTimestamp());
        while (feed.Find(_chunk) is { } chunk)
        {
            // In this order: a chunk that is full has the number of frames that is read after.
            var isFull = chunk.IsFull;
            var count = chunk.Count;
            if (_index < count)
            {
                var to = chunk.Within(_index, count, bytes);
                // Its end has the same cursor: who went on elsewhere from there would not be told it.
                to += to < count && chunk.Before(to).EndsExecution ? 1 : 0;
                var read = chunk.Bytes(_index, to);
                _index = to;
                Last = chunk.Before(to);
                BeforeEnd = Last.EndsExecution ? chunk.Before(to - 1).Cursor : null;
                return read;
            }

            if (!isFull)
                return default;
            _index = 0;
            Volatile.Write(ref _chunk, _chunk + 1);
            feed.Moved();
        }

        return default;
    }

    /// <summary>Whether the feed has ended, and all of its frames were read. Throws what it ended with.</summary>
    public bool HasEnded => feed.HasEnded(this);

    public void Dispose() => feed.Leave(this);
}
