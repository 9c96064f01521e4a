using System.Diagnostics;
using System.Numerics;
using Jobwatch.Bench.Figures;

namespace Jobwatch.Bench.Watching;

/// <summary>
/// How long events took, counted in buckets of a fixed number: 64 to each doubling, so a quantile is too high by 1.6 % at most.
/// </summary>
internal sealed class Latencies
{
    private const int Bits = 6;
    private const int PerDoubling = 1 << Bits;
    private const int Doublings = 40;

    private readonly long[] _counts = new long[PerDoubling * Doublings];
    private long _count;
    private long _most;

    /// <summary>Counts an event that took from one stamp to another.</summary>
    public void Add(long sent, long received)
    {
        var elapsed = Math.Max(0, received - sent);
        _counts[BucketOf(elapsed)]++;
        _count++;
        _most = Math.Max(_most, elapsed);
    }

    public Latency Summary() => new(_count, Quantile(0.5), Quantile(0.99), Stopwatch.GetElapsedTime(0, _most).TotalMilliseconds);

    private double Quantile(double part)
    {
        var wanted = (long)Math.Ceiling(_count * part);
        var bucket = 0;
        for (var seen = _counts[0]; seen < wanted; seen += _counts[bucket])
        {
            bucket++;
        }

        return Stopwatch.GetElapsedTime(0, Math.Min(_most, HighestOf(bucket))).TotalMilliseconds;
    }

    // Below 64 a bucket each; above, the 6 bits behind the first one decide.
    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - Bits);
        return Math.Min((shift << Bits) + (int)(value >> shift), (PerDoubling * Doublings) - 1);
    }

    private static long HighestOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> Bits) - 1);
        return ((long)(bucket - (shift << Bits)) << shift) + (1L << shift) - 1;
    }
}
