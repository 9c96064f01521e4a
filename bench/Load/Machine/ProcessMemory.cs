using System.Diagnostics;
using System.Globalization;

namespace Jobwatch.Bench.Machine;

/// <summary>Memory from /proc: a process's proportional share of what it and others have mapped (PSS).</summary>
internal static class ProcessMemory
{
    private const int SettledReadings = 10;
    private const double SettledKiB = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>In KiB.</summary>
    public static double Pss(int processId) => Field($"/proc/{processId}/smaps_rollup", "Pss:");

    /// <summary>The same, of a process and its children, all the way down.</summary>
    public static double PssOfTree(int processId) =>
        Pss(processId) + File.ReadAllText($"/proc/{processId}/task/{processId}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Sum(child => PssOfTree(int.Parse(child, CultureInfo.InvariantCulture)));

    /// <summary>Resident memory in KiB, with what is shared counted in full.</summary>
    public static double Rss(int processId) => Field($"/proc/{processId}/status", "VmRSS:");

    /// <summary>The PSS of some processes once none of them moves any more, or after a while all the same.</summary>
    /// <param name="processIds">Which.</param>
    /// <param name="pass">Lets so much time pass.</param>
    public static double[] Settled(IReadOnlyList<int> processIds, Action<TimeSpan> pass)
    {
        var clock = Stopwatch.StartNew();
        var readings = new Queue<double[]>();
        while (true)
        {
            double[] reading = [.. processIds.Select(Pss)];
            readings.Enqueue(reading);
            if (readings.Count > SettledReadings)
            {
                readings.Dequeue();
                if (clock.Elapsed > Patience || processIds.Select((_, i) => readings.Max(of => of[i]) - readings.Min(of => of[i])).Max() < SettledKiB)
                {
                    return reading;
                }
            }

            pass(Interval);
        }
    }

    private static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
