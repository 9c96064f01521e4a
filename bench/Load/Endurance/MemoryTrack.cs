using System.Globalization;

namespace Jobwatch.Bench.Endurance;

/// <summary>One server's memory over a run, in KiB. What comes within the first tenth is its warm-up.</summary>
internal sealed class MemoryTrack(string server, TimeSpan duration)
{
    private const double Tolerated = 1.15;

    private readonly List<(TimeSpan At, double Pss)> _readings = [];
    private double _rss;

    public bool IsFlat => Growth <= Tolerated;

    /// <summary>In words.</summary>
    public string Verdict => string.Create(CultureInfo.InvariantCulture,
        $"{server}: {(IsFlat ? "flat" : "not flat")}, {Growth:0.00} × from the first third to the last (most PSS of each), tolerated {Tolerated:0.00} ×");

    // The last third's most against the first third's.
    private double Growth
    {
        get
        {
            var counted = _readings.Where(reading => reading.At >= duration / 10).Select(reading => reading.Pss).ToArray();
            var third = Math.Max(1, counted.Length / 3);
            return counted.Length == 0 ? double.NaN : counted[^third..].Max() / counted[..third].Max();
        }
    }

    public void Add(TimeSpan at, double pss, double rss)
    {
        _readings.Add((at, pss));
        _rss = rss;
    }

    /// <summary>As it was last read.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{server} PSS {_readings[^1].Pss / 1024:0.0} MiB, RSS {_rss / 1024:0.0} MiB");
}
