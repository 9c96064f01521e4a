namespace Jobwatch.StreamService.Watching;

/// <summary>So many updates a second, by an even rate: what was not used for up to a second may be used at once.</summary>
internal sealed class UpdateBudget(int perSecond, TimeProvider time)
{
    // Rounded up, so that the rate is never more than was asked for.
    private readonly long _interval = (time.TimestampFrequency + perSecond - 1) / perSecond;

    // The time at which a whole second's worth is there again; all of it is there at first.
    private long _fullAt = time.GetTimestamp();

    /// <summary>How long until there is one to take; zero if there is.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            var missing = Math.Max(0, Used(time.GetTimestamp()) - ((perSecond - 1) * _interval));
            // Rounded up: whoever waits for so long finds it.
            return new TimeSpan(((missing * TimeSpan.TicksPerSecond) + time.TimestampFrequency - 1) / time.TimestampFrequency);
        }
    }

    /// <summary>Takes one; false if there is none.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        var used = Used(now);
        if (used > (perSecond - 1) * _interval)
        {
            return false;
        }

        _fullAt = now + used + _interval;
        return true;
    }

    private long Used(long now) => Math.Max(0, _fullAt - now);
}
