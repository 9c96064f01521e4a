namespace Jobwatch.Bench.Scenarios;

/// <summary>How long and how often to measure.</summary>
/// <param name="Rounds">Turns that each contender gets.</param>
/// <param name="Duration">The length of a run that is bounded by time.</param>
/// <param name="WarmUp">The length of the runs before the first one that counts: until the node's code is compiled for good.</param>
/// <param name="Brief">The length of a run beside other servers, of which there are many.</param>
/// <param name="Long">The length of a run whose load has to last.</param>
/// <param name="OnlyGoals">Whether contenders that no goal is about are left out.</param>
internal sealed record Plan(int Rounds, TimeSpan Duration, TimeSpan WarmUp, TimeSpan Brief, TimeSpan Long, bool OnlyGoals)
{
    public static Plan Quick { get; } = new(3, TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(1), OnlyGoals: true);

    public static Plan Full { get; } = new(3, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20), OnlyGoals: false);

    /// <summary>Rounds where each takes long and varies little.</summary>
    public int SlowRounds => OnlyGoals ? 1 : 3;
}
