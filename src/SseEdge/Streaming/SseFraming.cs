using System.Buffers;
using System.Globalization;
using System.Text;
using Jobwatch.Client;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>Server-sent events. The JSON is on one line, and cursors are URL-safe: nothing in a frame needs escaping.</summary>
internal sealed class SseFraming : IFraming
{
    public string ContentType => "text/event-stream";

    public void WriteStart(IBufferWriter<byte> output, TimeSpan retry)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"retry: {(long)retry.TotalMilliseconds}\n\n");
        Encoding.ASCII.GetBytes(line, output);
    }

    public void WriteFrame(IBufferWriter<byte> output, in Frame frame)
    {
        // An empty id would make the browser forget the last one.
        if (frame.Cursor.Length > 0)
        {
            output.Write("id: "u8);
            Encoding.ASCII.GetBytes(frame.Cursor, output);
            output.Write("\n"u8);
        }

        output.Write("event: "u8);
        Encoding.ASCII.GetBytes(frame.Name, output);
        output.Write("\ndata: "u8);
        ProtoJson.Write(output, frame.Body);
        output.Write("\n\n"u8);
    }

    public void WriteError(IBufferWriter<byte> output, Problem problem)
    {
        // Without an id: the browser comes back with that of the last frame.
        output.Write("event: error\ndata: "u8);
        ProblemJson.Write(output, problem);
        output.Write("\n\n"u8);
    }
}
