using System.Globalization;

namespace Jobwatch.Bench.Machine;

/// <summary>CPU time from /proc, which counts in hundredths of a second.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of the process, of the children that it has waited for, and of those that live, all the way down.</summary>
    public static TimeSpan OfTree(int processId)
    {
        var total = TimeSpan.Zero;
        try
        {
            // The name is in parentheses and may hold anything: fields are counted from behind it.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            total += Ticks(fields[11..15]);
            foreach (var child in File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                total += OfTree(int.Parse(child, CultureInfo.InvariantCulture));
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            // It ended between two reads; its parent has waited for it by now or will have when it is read next.
        }

        return total;
    }

    /// <summary>This process and the children that it has waited for, such as pgbench.</summary>
    public static TimeSpan OfSelf()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return Ticks(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15]);
    }

    /// <summary>All that the machine's cores did; idle, waiting for the disk and stolen time are not in it.</summary>
    public static TimeSpan OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        return Ticks([fields[0], fields[1], fields[2], fields[5], fields[6]]);
    }

    private static TimeSpan Ticks(IEnumerable<string> fields) =>
        TimeSpan.FromSeconds(fields.Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond);
}
