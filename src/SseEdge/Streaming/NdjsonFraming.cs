using System.Buffers;
using Jobwatch.Client;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>Newline-delimited JSON: each message whole on a line of its own.</summary>
internal sealed class NdjsonFraming : IFraming
{
    public string ContentType => "application/x-ndjson";

    public void WriteStart(IBufferWriter<byte> output, TimeSpan retry)
    {
        // There is no line for it that wouldn't be taken for a message.
    }

    public void WriteFrame(IBufferWriter<byte> output, in Frame frame)
    {
        ProtoJson.Write(output, frame.Whole);
        output.Write("\n"u8);
    }

    public void WriteError(IBufferWriter<byte> output, Problem problem)
    {
        output.Write("{\"error\":"u8);
        ProblemJson.Write(output, problem);
        output.Write("}\n"u8);
    }
}
