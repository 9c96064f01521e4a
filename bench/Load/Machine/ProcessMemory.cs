using System.Globalization;

namespace Jobwatch.Bench.Machine;

/// <summary>Memory from /proc: a process's proportional share of what it and others have mapped (PSS).</summary>
internal static class ProcessMemory
{
    // A server that collects once it is quiet has done so by then: in its second look at the latest, and it looks every 2 s.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4.5);

    /// <summary>In KiB.</summary>
    public static double Pss(int processId) => Field($"/proc/{processId}/smaps_rollup", "Pss:");

    /// <summary>The same, of a process and its children, all the way down, but for those that end meanwhile.</summary>
    public static double PssOfTree(int processId)
    {
        try
        {
            return Pss(processId) + File.ReadAllText($"/proc/{processId}/task/{processId}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Sum(child => PssOfTree(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException && !Path.Exists($"/proc/{processId}/exe"))
        {
            // Between the look for it and the look into it, or within it: what it had is the system's again.
            return 0;
        }
    }

    /// <summary>Resident memory in KiB, with what is shared counted in full.</summary>
    public static double Rss(int processId) => Field($"/proc/{processId}/status", "VmRSS:");

    /// <summary>The PSS of some processes once they have come to rest.</summary>
    /// <param name="processIds">Which.</param>
    /// <param name="pass">Lets so much time pass.</param>
    public static double[] AtRest(IReadOnlyList<int> processIds, Action<TimeSpan> pass)
    {
        pass(Rest);
        return [.. processIds.Select(Pss)];
    }

    private static double Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
