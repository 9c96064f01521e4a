using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>
/// Events without end, made in this process as fast as the slowest watcher takes them, give or take a window. It begins when all
/// watchers are there, and ends when the first of them leaves.
/// </summary>
internal sealed class FrozenFeed(int watchers)
{
    private const int Window = 4096;
    private const int Batch = 128;

    private readonly byte[][] _ring = new byte[Window][];
    private readonly ConcurrentDictionary<FrozenReader, bool> _readers = new();
    private readonly Channel<bool> _progress = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private TaskCompletionSource _more = NewSignal();
    private long _head;
    private int _entered;
    private volatile bool _isWaiting;

    /// <summary>The position of the newest event.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Done when there is more than there was; to be taken before looking at <see cref="Head"/>.</summary>
    public Task More => Volatile.Read(ref _more).Task;

    public byte[] At(long position) => _ring[position % Window];

    public FrozenReader Enter()
    {
        var reader = new FrozenReader();
        _readers.TryAdd(reader, true);
        if (Interlocked.Increment(ref _entered) == watchers)
        {
            _ = Task.Run(FeedAsync);
        }

        return reader;
    }

    public void Leave(FrozenReader reader)
    {
        _readers.TryRemove(reader, out _);
        _progress.Writer.TryWrite(true);
    }

    /// <summary>Tells the feed that a reader moved on.</summary>
    public void Moved()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _progress.Writer.TryWrite(true);
        }
    }

    private async Task FeedAsync()
    {
        var readers = _readers.Keys.ToArray();
        while (_readers.Count == watchers)
        {
            _isWaiting = true;
            if (readers.Min(reader => reader.Position) < _head + Batch - Window)
            {
                await _progress.Reader.ReadAsync();
                continue;
            }

            for (var next = 1; next <= Batch; next++)
            {
                _ring[(_head + next) % Window] = FrozenMessage.Event(_head + next);
            }

            Volatile.Write(ref _head, _head + Batch);
            Interlocked.Exchange(ref _more, NewSignal()).SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
