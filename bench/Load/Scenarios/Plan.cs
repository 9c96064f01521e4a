namespace Jobwatch.Bench.Scenarios;

/// <summary>How long and how often to measure.</summary>
/// <param name="Rounds">Turns that each contender gets.</param>
/// <param name="Duration">The length of a run that is bounded by time.</param>
/// <param name="WarmUp">The length of the runs before the first one that counts: until the node's code is compiled for good.</param>
/// <param name="IsQuick">Whether to judge a change at once; else figures to publish.</param>
internal sealed record Plan(int Rounds, TimeSpan Duration, TimeSpan WarmUp, bool IsQuick)
{
    public static Plan Quick { get; } = new(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), IsQuick: true);

    public static Plan Full { get; } = new(5, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12), IsQuick: false);

    /// <summary>Rounds where each takes long and varies little.</summary>
    public int SlowRounds => IsQuick ? 1 : 3;
}
