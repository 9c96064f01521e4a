namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Bounds the pages of the store that one watch of many jobs holds at a time: a job may read one when it is its turn, and gives the
/// turn on when it has told that page, however much more it has. Jobs that were live before come first.
/// </summary>
internal sealed class PageTurns(ReadyLines ready)
{
    private const int Most = 4;

    private readonly Queue<JobLine> _fellBack = new();
    private readonly Queue<JobLine> _history = new();
    private int _taken;

    /// <summary>Whether the line may read a page now; else it is made ready when it may.</summary>
    public bool TryTake(JobLine line)
    {
        if (line.Turn == PageTurn.None && _taken < Most)
        {
            _taken++;
            line.Turn = PageTurn.MayRead;
        }

        if (line.Turn == PageTurn.MayRead)
        {
            line.Turn = PageTurn.Has;
            return true;
        }

        if (line.Turn == PageTurn.None)
        {
            line.Turn = PageTurn.Waits;
            (line.IsLive ? _fellBack : _history).Enqueue(line);
        }

        return false;
    }

    /// <summary>For a line that has told its page, or needs none (any longer).</summary>
    public void GiveOn(JobLine line)
    {
        if (line.Turn is PageTurn.MayRead or PageTurn.Has)
        {
            _taken--;
            while (_taken < Most && (_fellBack.TryDequeue(out var next) || _history.TryDequeue(out next)))
            {
                // One that was ended while it waited waits no more.
                if (next.Turn == PageTurn.Waits)
                {
                    _taken++;
                    next.Turn = PageTurn.MayRead;
                    ready.Add(next);
                }
            }
        }

        line.Turn = line.Turn == PageTurn.Waits ? PageTurn.Waits : PageTurn.None;
    }
}
