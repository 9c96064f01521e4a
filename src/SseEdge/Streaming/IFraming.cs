using System.Buffers;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>The form that a stream has on the wire.</summary>
internal interface IFraming
{
    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>What stands before the first frame.</summary>
    /// <param name="output">The response.</param>
    /// <param name="retry">How long the reader should wait before it comes back after a break.</param>
    public void WriteStart(IBufferWriter<byte> output, TimeSpan retry);

    public void WriteFrame(IBufferWriter<byte> output, in Frame frame);

    /// <summary>The last thing in a stream that an error ends.</summary>
    public void WriteError(IBufferWriter<byte> output, Problem problem);
}
