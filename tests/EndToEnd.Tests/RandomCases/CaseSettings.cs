using System.Globalization;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Which cases to run: those of a failure again, or more of them.</summary>
internal static class CaseSettings
{
    private const int DefaultCases = 208;

    /// <summary><c>JOBWATCH_SEED</c>, the first case's seed. Default: another one each time.</summary>
    public static int FirstSeed { get; } = Number("JOBWATCH_SEED") ?? Random.Shared.Next(1_000_000_000);

    /// <summary><c>JOBWATCH_CASES</c>, how many.</summary>
    public static int Cases { get; } = Number("JOBWATCH_CASES") ?? DefaultCases;

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
