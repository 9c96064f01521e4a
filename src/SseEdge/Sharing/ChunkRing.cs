namespace Jobwatch.SseEdge.Sharing;

/// <summary>
/// The newest frames of a feed in a bounded number of chunks. One writer; readers find a chunk by its number, and a chunk that
/// was dropped is no longer found: nobody's slowness keeps it in memory.
/// </summary>
internal sealed class ChunkRing
{
    /// <summary>A reader that is so many chunks behind has to be waited for, or left behind.</summary>
    public const int Chunks = 16;

    private const int FirstBytes = 4 * 1024;
    private const int LargestBytes = 64 * 1024;

    private readonly FrameChunk?[] _chunks = new FrameChunk?[Chunks];

    // Of a small chunk that nobody reads any more. Where thousands of jobs are quiet, each has its next chunk from it; made anew they
    // would be most of what a collection finds alive and has to move.
    private ChunkPlace? _spare;

    /// <param name="after">The frame that the first one here follows.</param>
    public ChunkRing(FrameMark after)
    {
        Newest = new FrameChunk(1, after, ChunkPlace.Of(FirstBytes));
        _chunks[1] = Newest;
    }

    /// <summary>The chunk that is written.</summary>
    public FrameChunk Newest { get; private set; }

    /// <summary>The number of the chunk that the next one takes the place of; 0 or less while there is room.</summary>
    public long Oldest => Newest.Number + 1 - Chunks;

    /// <summary>The chunk of a number; null if it was dropped.</summary>
    public FrameChunk? Find(long number) =>
        Volatile.Read(ref _chunks[number % Chunks]) is { } chunk && chunk.Number == number ? chunk : null;

    /// <summary>Drops the oldest chunk, if there are so many, for a new one: twice as large in a flood, half as large where frames come now and then.</summary>
    /// <param name="bytes">What it has room for at least.</param>
    /// <param name="isFlood">Whether the newest chunk was filled so fast that larger ones are worth their memory.</param>
    public void Grow(int bytes, bool isFlood)
    {
        var before = Newest.Before(Newest.Count);
        var room = Math.Clamp(isFlood ? Newest.Room * 2 : Newest.Room / 2, FirstBytes, LargestBytes);
        var next = new FrameChunk(Newest.Number + 1, before, Take(Math.Max(bytes, room)));
        Volatile.Write(ref _chunks[next.Number % Chunks], next);
        // After the next one is there: whoever sees it full finds that one.
        Newest.Close();
        Newest = next;
    }

    /// <summary>
    /// Drops the chunks below a number, but for the one below it: what nobody reads any more, and few will join after. No reader may be
    /// below the number, nor come there meanwhile.
    /// </summary>
    public void DropBelow(long number)
    {
        for (var passed = Math.Max(1, Oldest); passed < Math.Min(number, Newest.Number) - 1; passed++)
        {
            if (Find(passed) is not { } chunk)
                continue;
            Volatile.Write(ref _chunks[passed % Chunks], null);
            if (chunk.Room == FirstBytes)
                _spare = chunk.GiveUp();
        }
    }

    private ChunkPlace Take(int bytes)
    {
        if (bytes != FirstBytes || _spare is not { } spare)
            return ChunkPlace.Of(bytes);
        _spare = null;
        return spare;
    }
}
