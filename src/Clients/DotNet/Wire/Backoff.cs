using System.Security.Cryptography;

namespace Jobwatch.Client.Wire;

/// <summary>The waits between tries: doubling, capped, with jitter, for as long as the options allow.</summary>
internal sealed class Backoff(JobwatchClientOptions options)
{
    private int _failures;
    private long _firstFailure;

    /// <summary>How many tries failed since the server was last heard of.</summary>
    internal int Failures => _failures;

    /// <summary>The server was heard of.</summary>
    internal void Reset() => _failures = 0;

    /// <summary>The wait before the next try, or null when the patience is used up.</summary>
    /// <param name="asked">What the server asked for; it is added to the client's own wait.</param>
    internal TimeSpan? Next(TimeSpan? asked)
    {
        if (_failures++ == 0)
            _firstFailure = options.TimeProvider.GetTimestamp();

        var wait = Jittered(_failures) + (asked ?? TimeSpan.Zero);
        if (options.RetryFor == Timeout.InfiniteTimeSpan)
            return wait;

        var left = options.RetryFor - options.TimeProvider.GetElapsedTime(_firstFailure);
        if (left <= TimeSpan.Zero)
            return null;
        return wait < left ? wait : left;
    }

    private TimeSpan Jittered(int failures)
    {
        // 2^20 of any sensible beginning is far beyond the cap, and doesn't overflow.
        var doubled = options.InitialBackoff * Math.Pow(2, Math.Min(failures - 1, 20));
        var capped = doubled < options.MaxBackoff ? doubled : options.MaxBackoff;
        return capped * ((1000 + RandomNumberGenerator.GetInt32(1001)) / 2000.0);
    }
}
