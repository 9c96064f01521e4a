namespace Jobwatch.Bench.Scaling.Capacity;

internal enum Kind
{
    Edge,
    Node,
    Database,
    Redis,
}
