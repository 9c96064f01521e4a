using BenchmarkDotNet.Attributes;
using Jobwatch.SseEdge.Sharing;

namespace Jobwatch.Bench.Micro;

/// <summary>The edge's ring: 1000 frames put in, and all that is in it found again as a reader does.</summary>
public class SharedChunks
{
    private const int Frames = 1000;

    private readonly byte[] _frame = new byte[500];
    private readonly FrameMark _mark = new("cursor", "execution_update", null, 1, 0);
    private ChunkRing _ring = new(default);

    [GlobalSetup]
    public void Fill() => Add();

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Add()
    {
        _ring = new ChunkRing(default);
        for (var i = 0; i < Frames; i++)
        {
            while (!_ring.Newest.TryAdd(_frame, _mark))
            {
                _ring.Grow(_frame.Length, isFlood: true);
            }
        }

        return _ring.Newest.Number;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Read()
    {
        const int AtOnce = 16 * 1024;
        long bytes = 0;
        for (var number = Math.Max(1, _ring.Oldest); _ring.Find(number) is { } chunk; number++)
        {
            for (var index = 0; index < chunk.Count;)
            {
                var to = chunk.Within(index, chunk.Count, AtOnce);
                bytes += chunk.Bytes(index, to).Length;
                index = to;
            }
        }

        return bytes;
    }
}
