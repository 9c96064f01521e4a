namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>The fewest processes that carry a load.</summary>
/// <param name="Plant">How many of which.</param>
/// <param name="Resources">What they use of what they have.</param>
/// <param name="Flows">What goes through them each second.</param>
internal sealed record Bill(Plant Plant, IReadOnlyList<Resource> Resources, Flows Flows)
{
    // More of anything than this is no plan: there is something that more processes don't help against.
    private const int TooMany = 100_000;

    /// <summary>The resources by how full they are, the fullest first: that one is in the way of more load.</summary>
    public IEnumerable<Resource> ByFill => Resources.OrderByDescending(resource => resource.UsedOf(Plant.CountOf(resource.Kind)) / resource.Fill);

    /// <returns>The bill, or null if no number of processes carries the load.</returns>
    public static Bill? For(Load load, Limits limits)
    {
        // Each process more may make work for the others, streams and hints above all: so again until nothing is short.
        var plant = Plant.Smallest(limits);
        while (true)
        {
            var flows = Flows.Of(load, plant, limits);
            var resources = Usage.Of(load, plant, limits, flows);
            var next = resources.Aggregate(plant, (grown, resource) =>
                grown.With(resource.Kind, Math.Max(grown.CountOf(resource.Kind), resource.Needs)));
            if (next == plant)
            {
                return new Bill(plant, resources, flows);
            }

            if (Enum.GetValues<Kind>().Any(kind => next.CountOf(kind) > TooMany))
            {
                return null;
            }

            plant = next;
        }
    }
}
