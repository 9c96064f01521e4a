using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Jobwatch.Bench.Machine;

/// <summary>Where the figures come from.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">How many cores there are, for servers and load together.</param>
/// <param name="System">The kernel.</param>
/// <param name="Runtime">The .NET version.</param>
/// <param name="SyncMicroseconds">The median time of a flush of 8 KiB to the disk that the database is on.</param>
/// <param name="LoadBefore">The load average of the minute before: what else was going on.</param>
internal sealed record MachineNote(string Processor, int Cores, string System, string Runtime, double SyncMicroseconds, double LoadBefore)
{
    public static MachineNote Take() => new(
        File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        MeasureSync(),
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores; {System}; {Runtime}; flush of 8 KiB {SyncMicroseconds:0} µs; load average before {LoadBefore:0.0}");

    private static double MeasureSync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"jobwatch-bench-{Environment.ProcessId}");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        var block = new byte[8192];
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var clock = Stopwatch.StartNew();
            RandomAccess.Write(file, block, 0);
            RandomAccess.FlushToDisk(file);
            times.Add(clock.Elapsed.TotalMicroseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
