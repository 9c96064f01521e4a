using System.Globalization;

namespace Jobwatch.Testing.Memory;

/// <summary>What a process holds in memory, in megabytes, as /proc tells it.</summary>
/// <param name="Resident">Its resident set.</param>
/// <param name="Proportional">The same with shared pages divided among those who share them.</param>
internal readonly record struct ProcessMemory(double Resident, double Proportional)
{
    public static ProcessMemory Of(ServerProcess server)
    {
        string[] lines = File.ReadAllLines($"/proc/{server.Child.Id}/smaps_rollup");
        return new ProcessMemory(Megabytes(lines, "Rss:"), Megabytes(lines, "Pss:"));
    }

    private static double Megabytes(string[] lines, string name)
    {
        string line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Resident:0} ({Proportional:0})");
}
