using System.Buffers;
using BenchmarkDotNet.Attributes;
using Jobwatch.Client;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.V1;

namespace Jobwatch.Bench.Micro;

/// <summary>What the edge does once an event and feed: the node's message into a frame, and its JSON alone.</summary>
public class SseFrames
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly FrameForm<WatchJobResponse> _form = new();
    private readonly SseFraming _framing = new();

    [Benchmark]
    public int Frame()
    {
        _output.ResetWrittenCount();
        _framing.WriteFrame(_output, _form.Of(Sample.Message)!.Value);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Json()
    {
        _output.ResetWrittenCount();
        ProtoJson.Write(_output, Sample.Message.Event);
        return _output.WrittenCount;
    }
}
