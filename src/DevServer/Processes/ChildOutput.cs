namespace Jobwatch.DevServer.Processes;

/// <summary>Where a child's lines go: all to its log, warnings also to the terminal, the last few kept to explain its end.</summary>
internal sealed class ChildOutput(ChildPlan plan, LogFile log, Terminal terminal)
{
    private const int KeptLines = 15;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();

    public string Tail
    {
        get
        {
            lock (_gate)
                return string.Concat(_last.Select(line => "\n  | " + LogLine.Shortened(line)));
        }
    }

    public async Task ReadAsync(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            log.Write(line);
            lock (_gate)
            {
                if (_last.Count == KeptLines)
                    _last.Dequeue();
                _last.Enqueue(line);
            }
            if (plan.IsTrouble(line, isError))
                terminal.Warn($"{plan.Name}: {LogLine.Shortened(line)}");
        }
    }
}
