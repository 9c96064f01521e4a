using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// The selected events of a watch of many jobs on their way out: each at once, or thinned out for each job by itself. The cursor of a job
/// stands before what waits of it, so that whoever goes on from it gets that again.
/// </summary>
internal sealed class JobsUpdates(JobsCursor cursor, JobsStream stream, WatchOutput output)
{
    /// <summary>Bytes that wait of all jobs together. Where more would, what waits of the job goes out, whatever the rate.</summary>
    private const int MaxHeldBytes = 1024 * 1024;

    private readonly JobsEventFrame _event = new(cursor);
    private readonly List<JobLine> _holding = [];
    private int _heldBytes;

    /// <summary>How long until something that waits may go out; null if nothing waits.</summary>
    public TimeSpan? UntilNext => _holding.Count == 0 ? null : _holding.Min(line => line.Conflation!.UntilNext);

    /// <summary>Takes the next selected event of a job.</summary>
    public async ValueTask PassAsync(JobLine line, EventFrame frame)
    {
        if (line.Conflation is { } conflation && TryHold(line, conflation, frame))
        {
            if (_heldBytes > MaxHeldBytes)
            {
                await LetOutAsync(line);
            }

            return;
        }

        await LetOutAsync(line);
        cursor.Move(line.Mark!, frame.Position);
        await output.WriteAsync(_event.Of(line.Job.JobId, frame.Stored));
    }

    /// <summary>Moves the job's cursor on behind what was scanned, but for what waits.</summary>
    public void Scanned(JobLine line, long next) => cursor.Move(line.Mark!, (line.Conflation?.FirstUntold(next) ?? next) - 1);

    /// <summary>Sends all that waits of a job: before whatever stands for more than that.</summary>
    public ValueTask LetOutAsync(JobLine line) => line.Conflation is { HeldBytes: > 0 } conflation
        ? LetOutAsync(line, conflation, inAnyCase: true)
        : ValueTask.CompletedTask;

    /// <summary>Sends what it is the turn of.</summary>
    public ValueTask LetOutDueAsync() => LetOutAsync(inAnyCase: false);

    /// <summary>Sends all that waits.</summary>
    public ValueTask LetOutAllAsync() => LetOutAsync(inAnyCase: true);

    private async ValueTask LetOutAsync(bool inAnyCase)
    {
        for (var i = _holding.Count - 1; i >= 0; i--)
        {
            var line = _holding[i];
            await LetOutAsync(line, line.Conflation!, inAnyCase);
            // It may have been scanned far beyond what waited.
            Scanned(line, line.Log!.Next);
        }
    }

    private bool TryHold(JobLine line, Conflation conflation, EventFrame frame)
    {
        var before = conflation.HeldBytes;
        if (!conflation.TryHold(frame))
        {
            return false;
        }

        _heldBytes += conflation.HeldBytes - before;
        if (before == 0)
        {
            _holding.Add(line);
        }

        return true;
    }

    private async ValueTask LetOutAsync(JobLine line, Conflation conflation, bool inAnyCase)
    {
        while (true)
        {
            var before = conflation.HeldBytes;
            if (conflation.Take(inAnyCase) is not { } next)
            {
                return;
            }

            _heldBytes -= before - conflation.HeldBytes;
            if (conflation.HeldBytes == 0)
            {
                _holding.Remove(line);
            }

            if (next.LeftOut > 0)
            {
                cursor.Move(line.Mark!, next.Frame.Position - 1);
                await stream.SayAsync(line.Job.JobId, new WatchJobsResponse { Conflated = new Conflated { Count = next.LeftOut, JobId = line.Job.JobId } });
            }

            cursor.Move(line.Mark!, next.Frame.Position);
            await output.WriteAsync(_event.Of(line.Job.JobId, next.Frame.Stored));
        }
    }
}
