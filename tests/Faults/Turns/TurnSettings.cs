namespace Jobwatch.Faults.Tests.Turns;

/// <summary>How faults are run.</summary>
/// <param name="Seed">Of everything random.</param>
/// <param name="Whole">How long a turn lasts, its account aside; longer where the fault itself does.</param>
/// <param name="IsLong">Faults may take their time.</param>
internal sealed record TurnSettings(int Seed, TimeSpan Whole, bool IsLong)
{
    /// <summary>Load before the fault.</summary>
    public TimeSpan Before { get; } = TimeSpan.FromSeconds(3);
}
