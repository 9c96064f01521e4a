using System.Text.RegularExpressions;

namespace Jobwatch.Testing;

/// <summary>The lines a child wrote, stdout and stderr as they came; the last <see cref="Kept"/> of them.</summary>
public sealed class OutputLines
{
    public const int Kept = 20_000;

    private const int ShownInFailures = 60;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Found)> _waiting = [];
    private bool _complete;

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>The last lines, for a failure's message.</summary>
    public string Tail => string.Join(Environment.NewLine, All.TakeLast(ShownInFailures));

    /// <summary>The first line that matches, of the kept ones and those to come; faults when the child ends without one.</summary>
    public Task<string> FirstAsync(Func<string, bool> matches)
    {
        lock (_gate)
        {
            if (_lines.FirstOrDefault(matches) is { } line)
                return Task.FromResult(line);
            if (_complete)
                return Task.FromException<string>(new InvalidOperationException("The output ended without such a line."));
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, found));
            return found.Task;
        }
    }

    /// <inheritdoc cref="FirstAsync(Func{string, bool})"/>
    public Task<string> FirstAsync(Regex pattern) => FirstAsync(pattern.IsMatch);

    internal void Add(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == Kept)
                _lines.Dequeue();
            _lines.Enqueue(line);
            _waiting.RemoveAll(waiting => waiting.Matches(line) && waiting.Found.TrySetResult(line));
        }
    }

    internal void Complete()
    {
        lock (_gate)
        {
            _complete = true;
            foreach (var (_, found) in _waiting)
                found.TrySetException(new InvalidOperationException("The output ended without such a line."));
            _waiting.Clear();
        }
    }
}
