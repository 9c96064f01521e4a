using System.Globalization;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>Which faults to run, and for how long: from the environment, as <c>tests/soak.sh</c> sets it.</summary>
internal static class FaultSettings
{
    /// <summary><c>JOBWATCH_SEED</c>, of everything random. Default: another one each time.</summary>
    public static int Seed { get; } = Number("JOBWATCH_SEED") ?? Random.Shared.Next(1_000_000_000);

    /// <summary><c>JOBWATCH_SOAK_MINUTES</c>, how long a soak goes on. Default: 5.</summary>
    public static TimeSpan SoakFor { get; } = TimeSpan.FromMinutes(Number("JOBWATCH_SOAK_MINUTES") ?? 5);

    /// <summary><c>JOBWATCH_FAULTS</c>, the names of the faults to run, with spaces between. Default: those of each run.</summary>
    public static IReadOnlyList<string> Names { get; } =
        (Environment.GetEnvironmentVariable("JOBWATCH_FAULTS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>JOBWATCH_SOAK_REPORT</c>, the file that a soak's table and last line are written to. Default: none.</summary>
    public static string? Report { get; } = Environment.GetEnvironmentVariable("JOBWATCH_SOAK_REPORT") is { Length: > 0 } path ? path : null;

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
