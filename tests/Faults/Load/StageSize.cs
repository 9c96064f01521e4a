namespace Jobwatch.Faults.Tests.Load;

/// <summary>How much goes on while something breaks.</summary>
internal static class StageSize
{
    public const int Jobs = 4;
    public const int ProducersOfJob = 3;

    /// <summary>Between two batches of a producer; a batch has 1 to 4 events.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>The same, of a job that many watch.</summary>
    public static readonly TimeSpan QuietPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Appends a second, if nothing held them up.</summary>
    public static double AppendsPerSecond => Jobs * ProducersOfJob / Pace.TotalSeconds;
}
