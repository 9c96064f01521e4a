using BenchmarkDotNet.Attributes;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.Bench.Micro;

/// <summary>The node's frames: made once an event, written once a watcher, and the ring that they wait in.</summary>
public class NodeFrames
{
    private const int Events = 1000;

    private readonly byte[] _output = new byte[64 * 1024];
    private readonly LogCursors _cursors = new(Sample.Log);
    private readonly StoredEvent[] _stored = [.. Enumerable.Range(1, Events).Select(position => Sample.Stored(position))];
    private readonly FrameRing _ring = new(Events, long.MaxValue);
    private readonly EventFrame _frozen;

    public NodeFrames()
    {
        _frozen = new EventFrame(_cursors, _stored[0]);
        foreach (var stored in _stored)
        {
            _ring.Append(new EventFrame(_cursors, stored));
        }
    }

    [Benchmark]
    public int MakeAndWrite() => Write(new EventFrame(_cursors, _stored[0]));

    [Benchmark]
    public int WriteFrozen() => Write(_frozen);

    [Benchmark(OperationsPerInvoke = Events)]
    public long Append()
    {
        var ring = new FrameRing(Events / 2, long.MaxValue);
        foreach (var stored in _stored)
        {
            ring.Append(new EventFrame(_cursors, stored));
        }

        return ring.Last;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public long Find()
    {
        long found = 0;
        for (var position = 1; position <= Events; position++)
        {
            found += _ring.Find(position)!.Position;
        }

        return found;
    }

    private int Write(EventFrame frame)
    {
        frame.CopyTo(_output);
        return frame.Length;
    }
}
