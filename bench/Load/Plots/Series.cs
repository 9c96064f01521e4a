namespace Jobwatch.Bench.Plots;

/// <summary>One line of a chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Points">From the left.</param>
internal sealed record Series(string Label, IReadOnlyList<(double X, double Y)> Points);
