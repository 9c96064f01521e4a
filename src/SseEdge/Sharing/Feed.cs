using System.Buffers;
using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Jobwatch.Shared;
using Jobwatch.SseEdge.Streaming;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>
/// One live stream of the node that any number of readers follow: each frame is written once and copied to each reader's
/// connection. Readers are at places of their own in a bounded ring of chunks.
/// </summary>
/// <remarks>
/// When the ring is full the feed waits for the readers that would fall out of it, as long as they move: so a flood goes at the
/// pace of the connections, and what waits is held by the node. A reader that stands still is left behind, and goes on by its
/// cursor with a stream of its own, which waits for nobody but it. So one that takes little holds the others up only where it takes
/// less than a flush in the time allowed, and there is more than a ring to send.
/// </remarks>
internal sealed class Feed<TMessage>
    where TMessage : class, IMessage, new()
{
    /// <summary>A reader that took nothing for longer is not waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Unless they are many: then it is not the readers that are slow, but what is between, or this machine; and a stream for each of
    /// them would make it slower still. For so long in each <see cref="SpellInterval"/>, or they could slow the others down for good.
    /// </summary>
    private static readonly TimeSpan Spell = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SpellInterval = TimeSpan.FromSeconds(20);

    /// <summary>So many, or half of the readers, are not many: the others go on without them.</summary>
    private const int Few = 8;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How often chunks that all have read are let go of: a burst fills the ring, and a quiet job's is needed by nobody.</summary>
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(1);

    /// <summary>A chunk that is full before this is over is followed by a larger one: thousands of quiet jobs would fill the memory with those.</summary>
    private static readonly TimeSpan FloodInterval = TimeSpan.FromSeconds(1);

    /// <summary>Frames that come without a pause are shown to readers who rest after so many bytes.</summary>
    private const int AnnounceBytes = 16 * 1024;

    private readonly Lock _listing = new();
    private readonly HashSet<FeedReader<TMessage>> _readers = [];
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly Wakeup _progress = new();
    private readonly ChunkRing _ring;
    private readonly FrameForm<TMessage> _form;
    private readonly IFraming _framing;
    private readonly NodeStream<TMessage> _source;
    private readonly TimeProvider _time;
    private ExceptionDispatchInfo? _failure;
    private long? _spell;
    private long _trimmed;
    private long _grown;
    private int _unannounced;
    private bool _isClosed;
    private volatile bool _isWaiting;
    private volatile bool _hasEnded;
    private volatile bool _wasStopped;

    public Feed(FeedKey key, in Frame after, NodeStream<TMessage> source, FrameForm<TMessage> form, TimeProvider time)
    {
        Key = key;
        _framing = key.Framing;
        _form = form;
        _source = source;
        _time = time;
        _ring = new ChunkRing(new FrameMark(after.Cursor, after.Name, after.LastEvent, 0, 0));
        _trimmed = _grown = time.GetTimestamp();
    }

    public FeedKey Key { get; }

    public FrameChunk? Find(long chunk) => _ring.Find(chunk);

    /// <summary>A reader at the feed's beginning; for the first one.</summary>
    public FeedReader<TMessage> Begin()
    {
        var reader = new FeedReader<TMessage>(this, 1, 0, _ring.Find(1)!.Before(0), _time);
        _readers.Add(reader);
        return reader;
    }

    /// <summary>A reader that goes on after a frame that it has from elsewhere; null if that can't be told of any frame here.</summary>
    /// <param name="after">That frame.</param>
    /// <param name="onlyAtHead">
    /// Not behind a frame that others follow. The cursor before a job's first event is the same for each job that is made under a name: what the feed has after
    /// it may be of one that was deleted since.
    /// </param>
    public FeedReader<TMessage>? TryEnter(in Frame after, bool onlyAtHead = false)
    {
        lock (_listing)
        {
            if (_isClosed || Place(after) is not var (chunk, index) || (onlyAtHead && !IsHead(chunk, index)))
                return null;
            var reader = new FeedReader<TMessage>(this, chunk.Number, index, chunk.Before(index), _time);
            _readers.Add(reader);
            return reader;
        }
    }

    public void Leave(FeedReader<TMessage> reader)
    {
        bool wasLast;
        lock (_listing)
        {
            wasLast = _readers.Remove(reader) && _readers.Count == 0;
            _isClosed |= wasLast;
        }

        if (wasLast)
            _source.Stop();
        Moved();
    }

    /// <summary>
    /// Whether its stream was stopped while somebody read: by the reader that gave it away, and left in that moment. The others go on
    /// without it.
    /// </summary>
    public bool WasStopped => _wasStopped;

    /// <summary>Tells the feed that a reader moved on.</summary>
    public void Moved()
    {
        if (_isWaiting)
            _progress.Signal();
    }

    /// <summary>Whether it has ended and the reader has read all of it. Throws what it ended with.</summary>
    public bool HasEnded(FeedReader<TMessage> reader)
    {
        if (!_hasEnded || _wasStopped || reader.Chunk != _ring.Newest.Number || reader.Last != _ring.Newest.Before(_ring.Newest.Count))
            return false;
        _failure?.Throw();
        return true;
    }

    /// <summary>Brings the node's messages until they end or the last reader has left.</summary>
    public async Task RunAsync()
    {
        try
        {
            await using (_source)
            {
                while (await _source.MoveNextAsync())
                {
                    if (_form.Of(_source.Current) is { } frame)
                        await AddAsync(frame);
                    if (!_source.IsAtHand || _unannounced >= AnnounceBytes)
                        Announce();
                }
            }
        }
        catch (OperationCanceledException)
        {
            _wasStopped = true;
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_listing)
        {
            _isClosed = true;
        }

        _hasEnded = true;
        Announce();
    }

    private async ValueTask AddAsync(Frame frame)
    {
        _written.ResetWrittenCount();
        _framing.WriteFrame(_written, frame);
        var before = _ring.Newest.Before(_ring.Newest.Count);
        var mark = new FrameMark(frame.Cursor, frame.Name, frame.LastEvent, before.Updates + (frame.IsUpdate ? 1 : 0), 0);
        while (!_ring.Newest.TryAdd(_written.WrittenSpan, mark))
        {
            if (_ring.Oldest > 0)
                await LetGoAsync(_ring.Oldest);
            _ring.Grow(_written.WrittenCount, isFlood: _time.GetElapsedTime(_grown) < FloodInterval);
            _grown = _time.GetTimestamp();
        }

        _unannounced += _written.WrittenCount;
        Trim();
    }

    private void Trim()
    {
        if (_time.GetElapsedTime(_trimmed) < TrimInterval)
            return;
        _trimmed = _time.GetTimestamp();
        // Nobody joins meanwhile.
        lock (_listing)
        {
            if (_readers.Count > 0)
                _ring.DropBelow(_readers.Min(reader => reader.Chunk));
        }
    }

    // Returns when the chunk is needed by too few to be waited for.
    private async Task LetGoAsync(long chunk)
    {
        Announce();
        if (!IsNeeded(chunk))
            return;
        _isWaiting = true;
        await using (_time.CreateTimer(static progress => ((Wakeup)progress!).Signal(), _progress, LookInterval, LookInterval))
        {
            while (IsNeeded(chunk))
                await _progress.WaitAsync();
        }

        _isWaiting = false;
    }

    private bool IsNeeded(long chunk)
    {
        lock (_listing)
        {
            var silent = 0;
            foreach (var reader in _readers)
            {
                if (reader.Chunk > chunk)
                    continue;
                var silence = reader.Silence;
                if (silence < Patience)
                    return true;
                silent += silence < Spell ? 1 : 0;
            }

            return (silent > Few || silent * 2 > _readers.Count) && IsInSpell();
        }
    }

    private bool IsInSpell()
    {
        if (_spell is null || _time.GetElapsedTime(_spell.Value) >= SpellInterval)
            _spell = _time.GetTimestamp();
        return _time.GetElapsedTime(_spell.Value) < Spell;
    }

    private void Announce()
    {
        _unannounced = 0;
        lock (_listing)
        {
            foreach (var reader in _readers)
                reader.Signal();
        }
    }

    // Where to go on after a frame: behind the last one here with its cursor, if it is of the same kind or says nothing but the cursor;
    // but not between an execution's last event and its end: that could be told twice.
    private (FrameChunk Chunk, int Index)? Place(in Frame after)
    {
        for (var number = _ring.Newest.Number; _ring.Find(number) is { } chunk; number--)
        {
            for (var index = chunk.Count; index >= 0; index--)
            {
                var mark = chunk.Before(index);
                if (mark.Cursor != after.Cursor)
                    continue;
                return mark.Name == after.Name || (!IsFact(after.Name) && !mark.EndsExecution) ? (chunk, index) : null;
            }
        }

        return null;
    }

    private bool IsHead(FrameChunk chunk, int index) => chunk == _ring.Newest && index == chunk.Count;

    private static bool IsFact(string name) => name is Frame.Update or Frame.ExecutionEnded or "gap" or "conflated";
}
