using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Jobwatch.Bench.Machine;

/// <summary>
/// A schedule of moments that doesn't slip: what is late stays due when it was, so a server that makes its producer wait can't
/// hide that.
/// </summary>
internal sealed partial class Pace
{
    private const int Monotonic = 1;
    private const int Absolute = 1;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly int _perSecond;
    private long _count;

    public Pace(int perSecond)
    {
        _perSecond = perSecond;
        if (Stopwatch.Frequency != 1_000_000_000)
        {
            throw new PlatformNotSupportedException("The stopwatch does not count nanoseconds.");
        }
    }

    /// <summary>Waits for the next moment and returns it, as <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
    public long Next()
    {
        var due = _start + (++_count * Stopwatch.Frequency / _perSecond);
        SleepUntil(due);
        return due;
    }

    /// <summary>Waits for a moment, as <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
    public static void SleepUntil(long due)
    {
        var until = new TimeSpec { Seconds = (nint)(due / Stopwatch.Frequency), Nanoseconds = (nint)(due % Stopwatch.Frequency) };
        // Timers of the runtime tick in milliseconds; this one is late by some 50 µs. A signal may wake it before.
        while (Stopwatch.GetTimestamp() < due)
        {
            _ = Sleep(Monotonic, Absolute, in until, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec until, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
