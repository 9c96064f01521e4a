namespace Jobwatch.Bench.Plots;

/// <summary>One bar: the median of some samples, with their least and most.</summary>
/// <param name="Label">What was measured.</param>
/// <param name="Samples">A value a round.</param>
/// <param name="IsOurs">Whether it is Jobwatch's.</param>
/// <param name="Goal">A value to mark; null if there is none.</param>
internal sealed record Bar(string Label, IReadOnlyList<double> Samples, bool IsOurs, double? Goal = null)
{
    public double Median { get; } = Samples.Order().ElementAt(Samples.Count / 2);
}
