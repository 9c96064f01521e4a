using System.Globalization;

namespace Jobwatch.Bench.Figures;

/// <summary>What a figure has to reach.</summary>
internal sealed record Goal(double Value, string Relation)
{
    public static Goal AtLeast(double value) => new(value, ">=");

    public static Goal AtMost(double value) => new(value, "<=");

    public static Goal Below(double value) => new(value, "<");

    public bool IsMetBy(double value) => Relation switch
    {
        ">=" => value >= Value,
        "<=" => value <= Value,
        _ => value < Value,
    };

    public override string ToString() => $"{Relation} {Value.ToString("#,0.###", CultureInfo.InvariantCulture)}";
}
