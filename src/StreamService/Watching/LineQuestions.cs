namespace Jobwatch.StreamService.Watching;

/// <summary>What a watch of many jobs asks the store for one of them, while the others go on. The line is made ready by the answer.</summary>
internal sealed class LineQuestions(WatchRoom room, CancellationToken cancellation)
{
    /// <summary>The next page, or why there is none.</summary>
    public void Read(JobLine line) => Ask(line, ReadAsync(line));

    /// <summary>The labels of the executions of the frames at hand.</summary>
    public void Learn(JobLine line) => Ask(line, LearnAsync(line));

    /// <summary>The log of a job that is awaited.</summary>
    public void Find(JobLine line) => Ask(line, FindAsync(line));

    private static void Ask(JobLine line, Task question)
    {
        line.Asked = question;
        // When it is over, not at its end: the line is looked at only once the question is.
        question.GetAwaiter().UnsafeOnCompleted(line.Bell.Signal);
    }

    private async Task ReadAsync(JobLine line)
    {
        var store = new PatientStore(room, line.Job.JobId, cancellation);
        var log = line.Log!;
        if (!await store.AskAsync(log.ReadAsync))
        {
            line.Floor = await store.AskAsync(asked => Truncation.FloorAsync(log, room.Journal, asked)) ?? -1;
        }
    }

    private async Task LearnAsync(JobLine line)
    {
        var log = line.Log!;
        var executions = log.Page.Select(frame => frame.Stored.Head.ExecutionId).ToList();
        if (log.Peek() is { } next)
        {
            executions.Add(next.Stored.Head.ExecutionId);
        }

        await new PatientStore(room, line.Job.JobId, cancellation).AskAsync(async asked =>
        {
            await line.Labels!.LearnAsync(executions, asked);
            return true;
        });
    }

    private async Task FindAsync(JobLine line)
    {
        line.Awaited!.Reset();
        line.Found = await new PatientStore(room, line.Job.JobId, cancellation).AskAsync(
            asked => room.Opener.FollowAsync(line.Job, line.Bell, asked));
    }
}
