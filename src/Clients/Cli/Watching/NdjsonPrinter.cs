using System.Buffers;
using Jobwatch.Cli.Terminal;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>Each event as one line of JSON, and nothing else but how many were left out, if any had to be.</summary>
internal sealed class NdjsonPrinter(StandardStream output) : EventPrinter
{
    private const int ManyBytes = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _lines = new(2 * ManyBytes);

    internal override void Snapshot(Snapshot snapshot)
    {
        // It is no event.
    }

    internal override void Event(ExecutionEvent happened)
    {
        ProtoJson.Write(_lines, happened);
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= ManyBytes)
            Flush();
    }

    internal override void LeftOut(Conflated conflated)
    {
        _lines.Write("{\"conflated\":"u8);
        ProtoJson.Write(_lines, conflated);
        _lines.Write("}\n"u8);
    }

    internal override void Flush()
    {
        if (_lines.WrittenCount == 0)
            return;
        output.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}
