using System.Globalization;

namespace Jobwatch.Bench.Figures;

/// <summary>One line of the result: the median of its samples, between the least and the most.</summary>
/// <param name="Name">The row and the contender, e.g. <c>W4 append, 16 clients: jobwatch</c>.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Samples">One value a round, in the order measured.</param>
/// <param name="Goal">What the median has to reach; null for a figure that only informs.</param>
internal sealed record Figure(string Name, string Unit, IReadOnlyList<double> Samples, Goal? Goal = null)
{
    public double Value { get; } = Median(Samples);

    public double Least => Samples.Min();

    public double Most => Samples.Max();

    public bool IsShort => Goal is { } goal && !goal.IsMetBy(Value);

    public string Verdict => Goal is null ? "" : IsShort ? "short" : "ok";

    public string Spread => Samples.Count > 1 ? $"{Number(Least)} – {Number(Most)}" : "";

    public string ShownValue => $"{Number(Value)} {Unit}".TrimEnd();

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture);

    private static double Median(IReadOnlyList<double> samples)
    {
        var sorted = samples.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
