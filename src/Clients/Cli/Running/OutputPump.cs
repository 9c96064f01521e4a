using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>One of the program's streams: recorded by lines, and passed on byte for byte.</summary>
internal sealed class OutputPump(
    Stream from, StandardStream to, string name, RunEvents events, Action<IReadOnlyCollection<ExecutionEvent>> record)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Done at the stream's end, which a child of the program that keeps it open can put off.</summary>
    internal async Task RunAsync()
    {
        var chunk = new byte[ChunkBytes];
        var lines = new List<ExecutionEvent>();
        var splitter = new LineSplitter(text => lines.Add(events.Line(text, name)));
        var heard = true;
        for (var read = await from.ReadAsync(chunk); read > 0; read = await from.ReadAsync(chunk))
        {
            splitter.Feed(chunk.AsSpan(0, read));
            Flush();
            heard = heard && TryPassOn(chunk.AsSpan(0, read));
        }

        splitter.Finish();
        Flush();

        void Flush()
        {
            record(lines);
            lines.Clear();
        }
    }

    // Whoever read this tool's output may be gone («| head»); the program and its record go on.
    private bool TryPassOn(ReadOnlySpan<byte> bytes)
    {
        try
        {
            to.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
