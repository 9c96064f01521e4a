using System.IO.Pipes;
using Jobwatch.Cli.Terminal;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>One of the program's streams: recorded by lines, and passed on byte for byte.</summary>
internal sealed class OutputPump(
    AnonymousPipeClientStream from, StandardStream to, string name, RunEvents events, Action<IReadOnlyCollection<ExecutionEvent>> record,
    OutputGrace grace)
{
    // As much as a pipe holds.
    private const int ChunkBytes = 64 * 1024;

    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _readAfterGrace;

    /// <summary>
    /// Done at the stream's end. Where a child that the program left behind keeps the stream open: when what was in it at the program's end
    /// is read, and the grace is over.
    /// </summary>
    internal async Task RunAsync()
    {
        var lines = new List<ExecutionEvent>();
        var splitter = new LineSplitter(text => lines.Add(events.Line(text, name)));
        var heard = true;
        for (var read = await ReadAsync(); read > 0; read = await ReadAsync())
        {
            splitter.Feed(_chunk.AsSpan(0, read));
            Flush();
            heard = heard && TryPassOn(_chunk.AsSpan(0, read));
        }

        splitter.Finish();
        Flush();

        void Flush()
        {
            record(lines);
            lines.Clear();
        }
    }

    // 0 as well where there is nothing more to wait for. A read that has begun is given time of its own: it may have got something already.
    private async Task<int> ReadAsync()
    {
        var isOver = grace.Over.IsCompleted;
        if (isOver && (_readAfterGrace >= ChunkBytes || !Posix.IsReadable(from.SafePipeHandle)))
            return 0;
        var reading = from.ReadAsync(_chunk).AsTask();
        await Task.WhenAny(reading, grace.ProgramEnded);
        if (!reading.IsCompleted)
            await Task.WhenAny(reading, grace.DelayAsync());
        if (!reading.IsCompleted)
            return 0;
        var read = await reading;
        if (isOver)
            _readAfterGrace += read;
        return read;
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
