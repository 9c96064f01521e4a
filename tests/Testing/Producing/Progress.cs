namespace Jobwatch.Testing.Producing;

/// <summary>Counts towards a total; others wait for parts of it.</summary>
internal sealed class Progress(int total)
{
    private readonly Lock _gate = new();
    private readonly List<(int At, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public void Advance()
    {
        List<TaskCompletionSource> reached;
        lock (_gate)
        {
            _count++;
            reached = [.. _waiting.Where(one => one.At <= _count).Select(one => one.Reached)];
            _waiting.RemoveAll(one => one.At <= _count);
        }
        foreach (var one in reached)
            one.SetResult();
    }

    /// <summary>Done when this part of the total, 0 to 1, is there.</summary>
    public Task ReachAsync(double part)
    {
        int at = (int)(part * total);
        lock (_gate)
        {
            if (_count >= at)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((at, reached));
            return reached.Task;
        }
    }
}
