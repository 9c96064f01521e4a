using System.Globalization;

namespace Jobwatch.Bench.Figures;

/// <summary>What a figure has to reach.</summary>
internal sealed record Goal(double Value, bool IsMost)
{
    public static Goal AtLeast(double value) => new(value, IsMost: false);

    public static Goal AtMost(double value) => new(value, IsMost: true);

    public bool IsMetBy(double value) => IsMost ? value <= Value : value >= Value;

    public override string ToString() => (IsMost ? "<= " : ">= ") + Value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
