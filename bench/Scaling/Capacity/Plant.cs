namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>How many of which processes there are.</summary>
internal sealed record Plant(int Edges, int Nodes, int Databases, int Redis)
{
    /// <summary>Two of what may die without anybody waiting.</summary>
    public static Plant Smallest(Limits limits) => new(2, 2, 1, limits.HintsByRedis ? 1 : 0);

    public int CountOf(Kind kind) => kind switch
    {
        Kind.Edge => Edges,
        Kind.Node => Nodes,
        Kind.Database => Databases,
        _ => Redis,
    };

    public Plant With(Kind kind, int count) => kind switch
    {
        Kind.Edge => this with { Edges = count },
        Kind.Node => this with { Nodes = count },
        Kind.Database => this with { Databases = count },
        _ => this with { Redis = count },
    };
}
