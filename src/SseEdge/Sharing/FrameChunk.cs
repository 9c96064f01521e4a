namespace Jobwatch.SseEdge.Sharing;

/// <summary>
/// Frames one behind the other as they go on the wire. One writer, who adds; any number of readers without a lock, who see the
/// frames below <see cref="Count"/>.
/// </summary>
/// <param name="number">1, 2, 3 … within a ring.</param>
/// <param name="before">The last frame before this chunk's first one.</param>
/// <param name="place">Where its frames are kept.</param>
internal sealed class FrameChunk(long number, FrameMark before, ChunkPlace place)
{
    private readonly byte[] _bytes = place.Bytes;
    private FrameMark[] _marks = place.Marks;
    private int _count;
    private volatile bool _isFull;

    public long Number => number;

    /// <summary>How many frames there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether no frame will be added: read it before <see cref="Count"/>.</summary>
    public bool IsFull => _isFull;

    public int Room => _bytes.Length;

    /// <summary>The frame before the one of an index.</summary>
    public FrameMark Before(int index) => index == 0 ? before with { End = 0 } : Volatile.Read(ref _marks)[index - 1];

    /// <summary>Adds a frame; false if there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame, FrameMark mark)
    {
        var start = Before(_count).End;
        if (frame.Length > _bytes.Length - start)
            return false;
        frame.CopyTo(_bytes.AsSpan(start));
        if (_count == _marks.Length)
        {
            var marks = new FrameMark[_marks.Length * 2];
            _marks.CopyTo(marks, 0);
            Volatile.Write(ref _marks, marks);
        }

        _marks[_count] = mark with { End = start + frame.Length };
        // Last: it is what shows the frame to the readers.
        Volatile.Write(ref _count, _count + 1);
        return true;
    }

    public void Close() => _isFull = true;

    /// <summary>Gives its place to another chunk: for when nobody reads this one any more, nor ever will.</summary>
    public ChunkPlace GiveUp()
    {
        Array.Clear(_marks);
        return new ChunkPlace(_bytes, _marks);
    }

    /// <summary>The bytes of the frames from one index up to another.</summary>
    public ReadOnlyMemory<byte> Bytes(int from, int to)
    {
        var start = Before(from).End;
        return _bytes.AsMemory(start, Before(to).End - start);
    }

    /// <summary>
    /// The index behind the last of as many frames from one index on as have so many bytes together; at least one frame.
    /// </summary>
    public int Within(int from, int count, int bytes)
    {
        var limit = Before(from).End + bytes;
        var to = count;
        while (to > from + 1 && Before(to).End > limit)
            to = from + ((to - from) / 2);
        return to;
    }
}
